import { answers } from "./lib/http.mjs";
import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { app, pool } = await import(`./${process.argv[2]}/app.js`);
await pool.query("CREATE TABLE users (id SERIAL PRIMARY KEY, name TEXT)");
await pool.query("INSERT INTO users (name) VALUES ('ada'), ('bob')");
const ask = await answers(app);
const rows = async (name) => (await (await ask(`/users?name=${encodeURIComponent(name)}`)).json()).length;
console.log(JSON.stringify({ own: await rows("ada"), attack: await rows("' OR '1'='1") }));
process.exit(0);
