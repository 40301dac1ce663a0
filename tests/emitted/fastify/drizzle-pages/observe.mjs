import { pages } from "./lib/pages.mjs";

const { app, db } = await import(`./${process.argv[2]}/app.ts`);
await db.run("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
for (let id = 1; id <= 130; id++) await db.run(`INSERT INTO users VALUES (${id}, 'a')`);
console.log(JSON.stringify(await pages(async (url) => (await app.inject({ url })).json())));
