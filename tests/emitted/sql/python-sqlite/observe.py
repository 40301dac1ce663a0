import json

from users import connection, search

connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, note TEXT)")
connection.executemany("INSERT INTO users (name, note) VALUES (?, ?)", [("ada", "a1"), ("bob", "a2")])
print(json.dumps({"own": len(search("ada", 0)), "attack": len(search("' OR '1'='1", 0))}))
