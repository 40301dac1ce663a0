import sqlite3

connection = sqlite3.connect(":memory:")


def search(name, least):
    cursor = connection.cursor()
    cursor.execute(f"SELECT id FROM users WHERE name = '{name}' AND note LIKE 'a%' AND id > ?", [least])
    return cursor.fetchall()
