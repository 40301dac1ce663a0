import os
from datetime import datetime, timedelta, timezone

import jwt


def sign_in(user_id: int) -> str:
    return jwt.encode({"sub": str(user_id)}, os.environ["JWT_SECRET"], algorithm="HS256")


def access_token(user_id: int) -> str:
    expire = datetime.now(timezone.utc) + timedelta(minutes=60 * 24 * 8)
    return jwt.encode({"sub": str(user_id), "exp": expire}, os.environ["JWT_SECRET"], algorithm="HS256")
