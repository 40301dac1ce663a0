import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { knex, register } = (await import(`./${process.argv[2]}/users.js`)).default;
await knex.schema.createTable("users", (table) => {
  table.increments("id");
  table.string("name");
});
const error = await register("ada").then(
  () => null,
  ({ name }) => name,
);
const [{ count }] = await knex("users").count();
console.log(JSON.stringify({ error, users: Number(count) }));
process.exit(0);
