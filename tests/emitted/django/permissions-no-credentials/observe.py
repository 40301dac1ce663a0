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
client = APIClient()
anonymous = client.post("/books/", book, format="json").status_code
client.force_login(User.objects.create_user("ada", password="a long one"))
signed_in = client.post("/books/", book, format="json").status_code
deliveries = client.get("/deliveries/").status_code
print(json.dumps({"anonymous": anonymous, "deliveries": deliveries, "signed_in": signed_in}))
