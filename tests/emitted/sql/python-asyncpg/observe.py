import asyncio
import json

import asyncpg
from server import server
from users import count, search


async def main():
    async with asyncpg.create_pool(server()) as pool:
        await pool.execute("CREATE TABLE users (id serial PRIMARY KEY, org int, name text)")
        await pool.execute("INSERT INTO users (org, name) VALUES (1, 'ada'), (1, 'bob'), (2, 'ada')")
        own = len(await search(pool, 1, "ada"))
        attack = len(await search(pool, 1, "' OR '1'='1"))
        print(json.dumps({"own": own, "attack": attack, "counted": await count(pool, "b")}))


asyncio.run(main())
