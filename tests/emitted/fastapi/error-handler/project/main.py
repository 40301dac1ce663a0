from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
async def users():
    raise ValueError("relation users does not exist")
