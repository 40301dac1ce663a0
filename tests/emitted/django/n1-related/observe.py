import json

from django_case import queries, ready

ready("shop.settings")
from django.test import Client  # noqa: E402
from shop.models import Author, Book, Tag  # noqa: E402

tag = Tag.objects.create(name="new")
for n in range(1, 6):
    book = Book.objects.create(title=f"b{n}", author=Author.objects.create(name=f"a{n}"))
    book.tags.add(tag)


def seen(path):
    answer, count = queries(lambda: Client().get(path).json())
    return {"queries": count, "answer": answer}


print(json.dumps({"authors": seen("/authors/"), "tags": seen("/tags/")}))
