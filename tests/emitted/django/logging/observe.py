import contextlib
import io
import json

from django_case import ready

ready("shop.settings")
from django.test import Client  # noqa: E402

written = io.StringIO()
with contextlib.redirect_stdout(written):
    client = Client()
    client.get("/authors/me/", {"token": "secret"})
    client.get("/none/")
lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
print(json.dumps([
    {**{key: line[key] for key in ("level", "event", "method", "path", "status")}, "time": line["duration_ms"] >= 0} for line in lines
]))
