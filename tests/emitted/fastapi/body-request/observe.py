import json

from fastapi.testclient import TestClient
from main import app, engine
from models import Base

Base.metadata.create_all(engine)
client = TestClient(app, raise_server_exceptions=False)


def seen(body):
    return client.post("/posts", json=body).status_code


print(json.dumps({"good": seen({"title": "a", "author": 1}), "wrong": seen({"title": {"not": ""}, "author": 1}), "none": seen({})}))
