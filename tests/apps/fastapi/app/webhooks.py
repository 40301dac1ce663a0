from fastapi import FastAPI, Request

hooks = FastAPI(docs_url=None)


@hooks.middleware("http")
async def only_signed(request: Request, call_next):
    return await call_next(request)


@hooks.post("/payments")
async def payments(request: Request) -> dict[str, bool]:
    await request.json()
    return {"ok": True}
