from fastapi import APIRouter, Query
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.api.deps import SessionDep
from app.api.errors import NotThere
from app.db.models import Event
from app.schemas import EventIn, EventOut, Page

router = APIRouter(prefix="/events", tags=["events"])


@router.get("", response_model=Page[EventOut])
async def list_events(session: SessionDep, page: int = Query(1, ge=1), size: int = Query(20, le=100)):
    statement = select(Event).order_by(Event.starts_at).limit(size).offset((page - 1) * size)
    events = (await session.scalars(statement)).all()
    total = await session.scalar(select(func.count()).select_from(Event))
    return {"items": events, "total": total}


@router.post("", status_code=201, response_model=EventOut)
async def create_event(session: SessionDep, body: EventIn):
    event = Event(**body.model_dump())
    session.add(event)
    await session.commit()
    return event


@router.get("/{event_id}", response_model=EventOut)
async def show_event(session: SessionDep, event_id: int):
    found = await session.scalars(select(Event).options(selectinload(Event.tickets)).where(Event.id == event_id))
    event = found.one_or_none()
    if event is None:
        raise NotThere
    return event


async def cancel_event(session: SessionDep, event_id: int) -> None:
    event = await session.get(Event, event_id)
    if event is not None:
        await session.delete(event)


router.add_api_route("/{event_id}", cancel_event, methods=["DELETE"], status_code=204)
