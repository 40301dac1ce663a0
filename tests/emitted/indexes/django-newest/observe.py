"""`drift`: whether makemigrations would make one."""

import json
import os

import django
from postgres import indexes, postgres

url = postgres()
os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="shop.settings")
django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

sent = []


def record(execute, sql, *rest):
    sent.append(sql)
    return execute(sql, *rest)


with connection.execute_wrapper(record):
    call_command("migrate", verbosity=0)
up = indexes(url, "shop_loan")
try:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    drift = False
except SystemExit:
    drift = True
call_command("migrate", "shop", "0001", verbosity=0)
concurrently = any("CREATE INDEX CONCURRENTLY" in str(sql) for sql in sent)
print(json.dumps({"concurrently": concurrently, "up": up, "drift": drift, "down": indexes(url, "shop_loan")}))
