from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/login")
async def login(response: Response):
    response.set_cookie("session", "s1", max_age=7 * 24 * 60 * 60 * 1000, httponly=True, secure=True, samesite="strict")
    return {"ok": True}
