import json

from fastapi.testclient import TestClient
from main import app, engine
from sqlalchemy import text

with engine.begin() as connection:
    connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)"))
    connection.execute(text("INSERT INTO users (name) VALUES ('ada'), ('bob')"))
client = TestClient(app)


def rows(name):
    return len(client.get("/users", params={"name": name}).json())


attack = "' OR '1'='1"
counted = client.get("/count", params={"name": attack}).json()
print(json.dumps({"own": rows("ada"), "attack": rows(attack), "counted": counted}))
