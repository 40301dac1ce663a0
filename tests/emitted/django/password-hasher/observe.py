import json

from django_case import ready

ready("shop.settings")
from django.contrib.auth.hashers import MD5PasswordHasher, check_password, make_password  # noqa: E402

old = MD5PasswordHasher().encode("right", "salt")
print(json.dumps({"made": make_password("right").split("$")[0], "old_verifies": check_password("right", old)}))
