from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class NotThere(Exception):
    pass


async def not_there(_request: Request, _error: NotThere) -> JSONResponse:
    return JSONResponse({"error": {"code": "NOT_FOUND"}}, status_code=404)


def register_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(NotThere, not_there)

    @app.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"error": {"code": "INTERNAL"}}, status_code=500)
