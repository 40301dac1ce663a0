import json

from django_case import ready

ready("shop.settings")
from django.contrib.auth.models import User  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402
from shop.models import Author  # noqa: E402

author = Author.objects.create(name="Ada")
book = {"title": "Notes", "author": author.id}
anonymous, signed_in = APIClient(), APIClient()
signed_in.force_authenticate(User.objects.create_user("ada"))
print(json.dumps({
    "anonymous": anonymous.post("/books/", book, format="json").status_code,
    "signed_in": signed_in.post("/books/", book, format="json").status_code,
}))
