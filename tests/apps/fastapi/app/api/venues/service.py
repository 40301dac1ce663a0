import asyncpg

from app.core.config import settings


async def seats_of(venue_id: int):
    connection = await asyncpg.connect(settings.DATABASE_URL)
    return await connection.fetch("SELECT seat FROM seats WHERE venue_id = $1 LIMIT 500", venue_id)


async def block(venue_id: int, seat: str) -> None:
    connection = await asyncpg.connect(settings.DATABASE_URL)
    await connection.execute("UPDATE seats SET blocked = true WHERE venue_id = $1 AND seat = $2", venue_id, seat)


def all_venues():
    return []


def nearest(lat: float, lon: float):
    return None
