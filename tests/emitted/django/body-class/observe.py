import json

from django_case import ready

ready("shop.settings")
from rest_framework.test import APIClient  # noqa: E402

client = APIClient(raise_request_exception=False)


def seen(body):
    return client.post("/books/", body, format="json").status_code


print(json.dumps({"good": seen({"name": "Ada"}), "wrong": seen({"name": {"not": ""}}), "none": seen({})}))
