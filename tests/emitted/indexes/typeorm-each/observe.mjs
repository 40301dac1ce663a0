// `drift`: what the entities would change about the schema that the migrations leave behind.
import { readdirSync } from "node:fs";
import { DataSource } from "typeorm";
import { indexes } from "./lib/indexes.mjs";
import { postgres } from "./lib/postgres.mjs";

const folder = `./${process.argv[2]}`;
process.env.DATABASE_URL = await postgres();
const { Post, User } = await import(`${folder}/entities.ts`);
const { options } = await import(`${folder}/options.ts`);
const names = readdirSync(`${folder}/migrations`).sort();
const migrations = (await Promise.all(names.map((name) => import(`${folder}/migrations/${name}`)))).flatMap(Object.values);
const source = await new DataSource({ ...options, entities: [Post, User], migrations }).initialize();
await source.runMigrations();
const up = await indexes(options.url, "post");
const drift = (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
for (const _ of names.slice(1)) await source.undoLastMigration();
console.log(JSON.stringify({ up, drift, down: await indexes(options.url, "post") }));
process.exit(0);
