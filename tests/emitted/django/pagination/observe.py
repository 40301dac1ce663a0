import json

from django_case import ready

ready("shop.settings")
from django.test import Client  # noqa: E402
from shop.models import Author, Book  # noqa: E402

author = Author.objects.create(name="Ada")
Book.objects.bulk_create(Book(title=f"b{n}", author=author) for n in range(45))
body = Client().get("/books/").json()
if isinstance(body, list):
    print(json.dumps({"keys": "list", "rows": len(body), "next": None}))
else:
    print(json.dumps({"keys": sorted(body), "rows": len(body["results"]), "next": body["next"]}))
