import json
import re

from fastapi.testclient import TestClient
from main import app

cookie = TestClient(app).post("/login").headers["set-cookie"]
print(json.dumps({"max_age": int(re.search(r"Max-Age=(\d+)", cookie)[1])}))
