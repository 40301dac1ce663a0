import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema
    .createTable("users", (table) => {
      table.increments("id");
    })
    .createTable("posts", (table) => {
      table.increments("id");
      table.integer("author_id").notNullable();
      table.foreign("author_id").references("id").inTable("users");
    });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("posts").dropTable("users");
}
