import json

from fastapi.testclient import TestClient
from main import app

response = TestClient(app, raise_server_exceptions=False).get("/users")
raised = None
try:
    TestClient(app).get("/users")
except ValueError as error:
    raised = str(error)
is_json = response.headers["content-type"].startswith("application/json")
print(json.dumps({"status": response.status_code, "body": response.json() if is_json else None, "raised": raised}))
