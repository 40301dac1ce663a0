from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
async def users():
    print("listing users")
    return [{"id": 1, "name": "Ada"}]


@app.get("/fails")
async def fails():
    raise ValueError("no")
