from datetime import datetime, timedelta, timezone

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from passlib.context import CryptContext

from app.core.config import settings

passwords = CryptContext(schemes=["bcrypt"], bcrypt__rounds=12)
bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/login")


def make_token(user_id: int) -> str:
    ends = datetime.now(timezone.utc) + timedelta(minutes=15)
    return jwt.encode({"sub": str(user_id), "exp": ends}, settings.SECRET_KEY, algorithm="HS256")


async def current_user_id(token: str = Depends(bearer)) -> int:
    try:
        claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=401, detail="unauthenticated") from error
    return int(claims["sub"])
