import time
import uuid

from starlette.middleware.base import BaseHTTPMiddleware


class RequestIdMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.id = request.headers.get("x-request-id") or str(uuid.uuid4())
        response = await call_next(request)
        response.headers["x-request-id"] = request.state.id
        return response


async def add_timing(request, call_next):
    begun = time.perf_counter()
    response = await call_next(request)
    response.headers["x-time"] = f"{time.perf_counter() - begun:.4f}"
    return response
