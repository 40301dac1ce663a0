// Runs migrations as sequelize-cli does: by name, each with the interface for queries.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { Sequelize } from "sequelize";
import { indexes } from "./lib/indexes.mjs";
import { postgres } from "./lib/postgres.mjs";

const url = await postgres();
const sent = [];
const sequelize = new Sequelize(url, { logging: (query) => sent.push(query), pool: { max: 1 } });
const require = createRequire(import.meta.url);
const folder = `./${process.argv[2]}/migrations`;
const migrations = readdirSync(folder).sort().map((name) => require(`${folder}/${name}`));
for (const migration of migrations) await migration.up(sequelize.getQueryInterface(), Sequelize);
const up = await indexes(url, "posts");
for (const migration of migrations.slice(1).reverse()) await migration.down(sequelize.getQueryInterface(), Sequelize);
const concurrently = sent.filter((query) => query.includes("CONCURRENTLY")).length;
console.log(JSON.stringify({ up, down: await indexes(url, "posts"), concurrently }));
process.exit(0);
