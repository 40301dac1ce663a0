import json
import os

from postgres import postgres

os.environ["DATABASE_URL"] = postgres()
from users import connection, search  # noqa: E402

connection.execute("CREATE TABLE users (id SERIAL PRIMARY KEY, name TEXT, note TEXT)")
connection.execute("INSERT INTO users (name, note) VALUES ('ada', 'a1'), ('bob', 'a2')")
print(json.dumps({"own": len(search("ada")), "attack": len(search("' OR '1'='1"))}))
