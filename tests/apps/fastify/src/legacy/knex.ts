import knex, { type Knex } from 'knex';

export const importer = (config: Knex.Config) => knex(config);
