"""`drift`: whether makemigrations would make one."""

import json
import os

import django
from postgres import indexes, postgres

url = postgres()
os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="shop.settings")
django.setup()
from django.core.management import call_command  # noqa: E402

call_command("migrate", verbosity=0)
up = indexes(url, "shop_loan")
try:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    drift = False
except SystemExit:
    drift = True
call_command("migrate", "shop", "0001", verbosity=0)
print(json.dumps({"up": up, "drift": drift, "down": indexes(url, "shop_loan")}))
