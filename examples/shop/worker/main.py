from datetime import datetime, timedelta, timezone

import jwt
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from settings import SECRET

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)


def issue(user_id: int) -> str:
    claims = {"sub": str(user_id), "exp": datetime.now(timezone.utc) + timedelta(days=30)}
    return jwt.encode(claims, SECRET, algorithm="HS256")


@app.get("/health")
async def health():
    return {"ok": True}
