from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from sqlalchemy import select

from app.api.deps import SessionDep
from app.core.security import make_token, passwords
from app.db.models import User

router = APIRouter()


class Credentials(BaseModel):
    email: str
    password: str


@router.post("/login")
async def login(session: SessionDep, body: Credentials) -> dict[str, str]:
    user = await session.scalar(select(User).where(User.email == body.email))
    if user is None or not passwords.verify(body.password, user.password_hash):
        raise HTTPException(status_code=401, detail="bad credentials")
    return {"token": make_token(user.id)}
