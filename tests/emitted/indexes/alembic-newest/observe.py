import json
import os
import sys

from alembic import command
from alembic.config import Config
from postgres import indexes, postgres
from sqlalchemy import Engine
from statements import Statements

url = postgres()
os.environ["DATABASE_URL"] = url.replace("postgres://", "postgresql+psycopg://")
config = Config()
config.set_main_option("script_location", f"{sys.argv[1]}/alembic")
statements = Statements(Engine)
command.upgrade(config, "head")
sent = [statement for statement in statements.seen if "INDEX" in statement]
up = indexes(url, "posts")
command.downgrade(config, "4f1c2a9b7d30")
print()
print(json.dumps({"sent": sent, "up": up, "down": indexes(url, "posts")}))
