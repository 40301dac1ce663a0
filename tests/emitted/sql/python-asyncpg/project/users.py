import asyncpg


async def search(pool: asyncpg.Pool, org, name):
    return await pool.fetch("SELECT id FROM users WHERE org = $1 AND name = '%s'" % name, org)


async def count(pool: asyncpg.Pool, start):
    return await pool.fetchval(f"SELECT count(*) FROM users WHERE name LIKE '{start}%'")
