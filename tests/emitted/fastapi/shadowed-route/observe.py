import json

from fastapi.testclient import TestClient
from main import app

client = TestClient(app)


def seen(path):
    answer = client.get(path)
    return answer.json() if answer.status_code == 200 else answer.status_code


print(json.dumps({"me": seen("/users/me"), "other": seen("/users/7")}))
