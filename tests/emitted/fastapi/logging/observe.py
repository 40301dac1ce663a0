import contextlib
import io
import json

from fastapi.testclient import TestClient
from main import app

written = io.StringIO()
with contextlib.redirect_stdout(written):
    client = TestClient(app, raise_server_exceptions=False)
    client.get("/users?token=secret")
    client.get("/fails")
lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
print(json.dumps([
    {**{key: line[key] for key in ("level", "event", "method", "path", "status")}, "time": line["duration_ms"] >= 0} for line in lines
]))
