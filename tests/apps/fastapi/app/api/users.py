from fastapi import APIRouter

from app.api.deps import SessionDep, UserId
from app.api.errors import NotThere
from app.db.models import User
from app.schemas import UserOut

router = APIRouter()


@router.get("/me", response_model=UserOut)
async def show_me(session: SessionDep, user_id: UserId):
    user = await session.get(User, user_id)
    if user is None:
        raise NotThere
    return user


@router.api_route("/me/avatar", methods=["PUT", "DELETE"])
async def avatar(user_id: UserId) -> None:
    return None
