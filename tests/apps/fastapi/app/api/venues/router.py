import fastapi

from app.api.venues import seats, service

PREFIX = "/venues"

venues_router = fastapi.APIRouter(prefix=PREFIX)
venues_router.include_router(seats.router, prefix="/{venue_id}/seats")


@venues_router.get("/")
def list_venues():
    return service.all_venues()


@venues_router.get("/nearest")
def nearest(lat: float, lon: float):
    return service.nearest(lat, lon)
