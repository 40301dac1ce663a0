import json
import os

os.environ["CORS_ORIGINS"] = "https://shop.example,https://admin.example"
from django_case import ready  # noqa: E402

ready("shop.settings")
from django.test import Client  # noqa: E402


def headers(origin):
    return Client().get("/me/", headers={"origin": origin}).headers


own = headers("https://shop.example")
print(json.dumps({
    "evil": headers("https://evil.example").get("access-control-allow-origin"),
    "own": own.get("access-control-allow-origin"),
    "credentials": own.get("access-control-allow-credentials"),
}))
