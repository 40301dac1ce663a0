from fastapi import APIRouter
from sqlalchemy import update

from app.api.deps import SessionDep, UserId
from app.db.models import Event, Ticket
from app.schemas import OrderIn

router = APIRouter(prefix="/open")


@router.post("/")
async def buy(session: SessionDep, body: OrderIn, user_id: UserId):
    async with session.begin():
        await session.execute(update(Event).where(Event.id == body.event_id).values(sold=Event.sold + 1))
        session.add(Ticket(event_id=body.event_id, user_id=user_id))
    return {"ok": True}


@router.patch("/{ticket_id}")
async def change_seat(session: SessionDep, ticket_id: int, seat: str):
    ticket = await session.get(Ticket, ticket_id, with_for_update=True)
    ticket.seat = seat
    await session.commit()
