import json

from django_case import queries, ready

ready("shop.settings")
from django.test import Client  # noqa: E402
from shop.models import Author, Book  # noqa: E402

for n in range(1, 6):
    Book.objects.create(title=f"b{n}", author=Author.objects.create(name=f"a{n}"))
answer, count = queries(lambda: Client().get("/authors/").json())
print(json.dumps({"queries": count, "answer": answer}))
