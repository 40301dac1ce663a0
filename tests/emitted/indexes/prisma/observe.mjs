// Runs the files as Prisma does: by name, each sent as one text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { indexes } from "./lib/indexes.mjs";
import { postgres } from "./lib/postgres.mjs";

const url = await postgres();
const client = new pg.Client(url);
await client.connect();
const folder = `./${process.argv[2]}/prisma/migrations`;
const steps = readdirSync(folder).sort();
for (const step of steps) await client.query(readFileSync(`${folder}/${step}/migration.sql`, "utf8"));
const up = await indexes(url, "posts");
const back = steps.map((step) => `${folder}/${step}/down.sql`).filter(existsSync);
for (const path of back.reverse()) await client.query(readFileSync(path, "utf8"));
console.log(JSON.stringify({ up, down: await indexes(url, "posts") }));
process.exit(0);
