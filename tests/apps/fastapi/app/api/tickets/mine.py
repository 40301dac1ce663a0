from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, UserId
from app.db.models import Ticket

router = APIRouter()


@router.get("/")
async def list_mine(session: SessionDep, user_id: UserId):
    return (await session.execute(select(Ticket).where(Ticket.user_id == user_id).limit(100))).scalars().all()


@router.get(path="/{ticket_id:int}")
async def show_mine(session: SessionDep, ticket_id: int, user_id: UserId):
    return await session.get(Ticket, ticket_id)
