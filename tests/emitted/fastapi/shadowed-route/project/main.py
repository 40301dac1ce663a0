from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
async def user(user_id: int):
    return {"id": user_id}


@app.get("/users/me")
async def me():
    return {"me": True}
