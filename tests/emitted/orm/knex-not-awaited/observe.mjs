import { setTimeout } from "node:timers/promises";
import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { knex, rename } = (await import(`./${process.argv[2]}/users.js`)).default;
await knex.schema.createTable("users", (table) => {
  table.increments("id");
  table.string("name");
});
await knex("users").insert({ name: "old" });
await rename(1, "new");
await setTimeout(200);
console.log(JSON.stringify(await knex("users").first("name")));
process.exit(0);
