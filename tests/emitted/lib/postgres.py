"""PostgreSQL of lib/postgres.mjs, in a process that ends with this one, and the indexes of its tables."""

import subprocess

import psycopg

SERVER = """
import { postgres } from "./lib/postgres.mjs";
console.log(await postgres());
process.stdin.on("end", () => process.exit()).resume();
"""


def postgres():
    """The address of an empty database."""
    command = ["node", "--input-type=module", "--eval", SERVER]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return server.stdout.readline().strip()


INDEXES = """
SELECT pg_get_indexdef(indexrelid) AS made_by FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relname = %s AND indisvalid AND NOT indisprimary ORDER BY made_by
"""


def indexes(url, table):
    """What valid indexes a table has beside its primary key."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(INDEXES, [table])]
