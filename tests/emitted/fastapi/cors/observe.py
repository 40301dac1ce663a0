import json
import os

os.environ["CORS_ORIGINS"] = "https://shop.example,https://admin.example"
from fastapi.testclient import TestClient  # noqa: E402
from main import app  # noqa: E402

client = TestClient(app)


def headers(origin):
    return client.get("/me", headers={"origin": origin, "cookie": "session=1"}).headers


own = headers("https://shop.example")
print(json.dumps({
    "evil": headers("https://evil.example").get("access-control-allow-origin"),
    "own": own.get("access-control-allow-origin"),
    "credentials": own.get("access-control-allow-credentials"),
}))
