import os

import psycopg

connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=None)


def search(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM users WHERE name = '{}' AND note LIKE 'a%'".format(name))
        return cursor.fetchall()
