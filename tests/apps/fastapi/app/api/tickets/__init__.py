from fastapi import APIRouter

from app.api.tickets.buy import router as buy
from app.api.tickets.mine import router as mine

router = APIRouter()
router.include_router(mine)
router.include_router(buy, prefix="/orders")
