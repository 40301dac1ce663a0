import json
import os

from django_case import ready

os.environ["SECRET_KEY"] = "a key of this case alone"
ready("shop.settings")
from django.contrib.auth.models import User  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402
from shop.models import Author  # noqa: E402

author = Author.objects.create(name="Ada")
book = {"title": "Notes", "author": author.id}
User.objects.create_user("ada", password="a long one")
client = APIClient()
anonymous = client.post("/books/", book, format="json").status_code
login = client.post("/login/", {"name": "ada", "password": "a long one"}, format="json").status_code
signed_in = client.post("/books/", book, format="json").status_code
print(json.dumps({"anonymous": anonymous, "login": login, "signed_in": signed_in}))
