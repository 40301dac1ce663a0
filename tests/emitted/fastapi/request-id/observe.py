import json
import re

from fastapi.testclient import TestClient
from main import app

client = TestClient(app)


def seen(headers):
    given = client.get("/users", headers=headers).headers.get("x-request-id")
    return "uuid" if given and re.fullmatch(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", given) else given


print(json.dumps({
    "own": seen({}),
    "given": seen({"x-request-id": "client-0001"}),
    "forged": seen({"x-request-id": 'a b {"level":60}'}),
}))
