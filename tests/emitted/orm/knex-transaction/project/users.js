const knex = require('knex')({ client: 'pg', connection: process.env.DATABASE_URL, acquireConnectionTimeout: 500, pool: { min: 0, max: 1 } });

async function register(name) {
  await knex.transaction(async (trx) => {
    await knex('users').insert({ name });
  });
}

module.exports = { knex, register };
