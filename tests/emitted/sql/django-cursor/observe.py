import json

from django_case import ready

ready("shop.settings")
from django.test import Client  # noqa: E402
from shop.models import Author  # noqa: E402

for name in ("ada", "bob"):
    Author.objects.create(name=name)


def rows(name):
    return len(Client().get("/authors/", {"name": name}).json())


print(json.dumps({"own": rows("ada"), "attack": rows("' OR '1'='1")}))
