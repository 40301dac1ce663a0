import knexClient from "knex";
import { indexes } from "./lib/indexes.mjs";
import { postgres } from "./lib/postgres.mjs";

const url = await postgres();
process.env.npm_package_type = "module";
const knex = knexClient({ client: "pg", connection: url, migrations: { directory: `./${process.argv[2]}/migrations` } });
await knex.migrate.latest();
const up = await indexes(url, "posts");
const [done] = await knex.migrate.list();
for (const _ of done.slice(1)) await knex.migrate.down();
console.log(JSON.stringify({ up, down: await indexes(url, "posts") }));
process.exit(0);
