import json

from fastapi.testclient import TestClient
from main import app, engine
from models import Base, User
from sqlalchemy.orm import Session

Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all(User(id=n, name="a") for n in range(1, 131))
    session.commit()
client = TestClient(app)


def seen(query):
    body = client.get("/users" + query).json()
    if isinstance(body, list):
        return {"rows": len(body), "pagination": None}
    return {"rows": len(body["data"]), "pagination": body["pagination"]}


print(json.dumps({
    "first": seen(""),
    "huge": client.get("/users?limit=100000").status_code,
    "text": client.get("/users?limit=all").status_code,
    "last": seen("?limit=50&offset=100"),
}))
