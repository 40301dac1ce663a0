const knex = require('knex')({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 1 } });

async function rename(id, name) {
  knex('users').where({ id }).update({ name });
}

module.exports = { knex, rename };
