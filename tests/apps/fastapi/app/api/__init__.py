from fastapi import APIRouter, Depends

from app.api import events, login, users
from app.api.tickets import router as tickets
from app.api.venues.router import venues_router
from app.core.security import current_user_id

api_router = APIRouter()
api_router.include_router(login.router, tags=["login"])
api_router.include_router(users.router, prefix="/users")
api_router.include_router(events.router, dependencies=[Depends(current_user_id)])
api_router.include_router(tickets, prefix="/tickets", dependencies=[Depends(current_user_id)])
api_router.include_router(venues_router)
