import os

from authlib.jose import jwt


def sign_in(user_id: int) -> bytes:
    return jwt.encode({"alg": "HS256"}, {"sub": str(user_id)}, os.environ["JWT_SECRET"])
