import json

from django_case import ready

ready("shop.settings")
from django.test import Client  # noqa: E402

client = Client()
print(json.dumps({"me": client.get("/authors/me/").json(), "other": client.get("/authors/ada/").json()}))
