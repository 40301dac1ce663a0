import json
import re

from django_case import ready

ready("shop.settings")
from django.test import Client  # noqa: E402


def seen(headers):
    given = Client().get("/authors/me/", headers=headers).headers.get("x-request-id")
    return "uuid" if given and re.fullmatch(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", given) else given


print(json.dumps({
    "own": seen({}),
    "given": seen({"x-request-id": "client-0001"}),
    "forged": seen({"x-request-id": 'a b {"level":60}'}),
}))
