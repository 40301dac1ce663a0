exports.up = async (knex) => {
  await knex.schema.createTable("users", (table) => {
    table.increments("id");
  });
  await knex.schema.createTable("teams", (table) => {
    table.increments("id");
  });
  await knex.schema.createTable("posts", (table) => {
    table.increments("id");
    table.integer("author_id").notNullable().references("id").inTable("users").onDelete("CASCADE");
    table.integer("team_id").references("teams.id");
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable("posts");
  await knex.schema.dropTable("teams");
  await knex.schema.dropTable("users");
};
