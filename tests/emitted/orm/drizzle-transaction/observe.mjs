import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { db, register, users } = await import(`./${process.argv[2]}/users.ts`);
await db.execute("CREATE TABLE users (id SERIAL PRIMARY KEY, name TEXT NOT NULL)");
const failed = await register("ada").then(
  () => false,
  () => true,
);
console.log(JSON.stringify({ failed, users: await db.$count(users) }));
process.exit(0);
