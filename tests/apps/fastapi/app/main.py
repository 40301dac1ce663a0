from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from app.api import api_router
from app.api.errors import register_error_handlers
from app.core.config import settings
from app.core.middleware import RequestIdMiddleware, add_timing
from app.health import router as health_router
from app.webhooks import hooks


@asynccontextmanager
async def lifespan(_app: FastAPI):
    yield


def create_app() -> FastAPI:
    app = FastAPI(title="Tickets", lifespan=lifespan)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"])
    app.add_middleware(RequestIdMiddleware)
    app.middleware("http")(add_timing)
    register_error_handlers(app)
    app.include_router(health_router)
    app.include_router(api_router, prefix=settings.API_PREFIX)
    app.mount("/hooks", hooks)
    return app


app = create_app()


@app.get("/", include_in_schema=False)
async def root() -> dict[str, str]:
    return {"docs": "/docs"}
