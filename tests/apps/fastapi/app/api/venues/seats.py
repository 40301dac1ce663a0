from fastapi import APIRouter

from app.api.venues import service

router = APIRouter()


@router.get("/")
async def list_seats(venue_id: int):
    return await service.seats_of(venue_id)


@router.delete("/{seat}", status_code=204)
async def block_seat(venue_id: int, seat: str) -> None:
    await service.block(venue_id, seat)
