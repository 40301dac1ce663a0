import knexfile from '../../knexfile.js';
import { importer } from './knex.js';

/** Copies what the old system has, a table at a time. */
export async function importStock(): Promise<number> {
  const knex = importer(knexfile);
  const rows = await knex('old_stock').where({ imported: false }).orderBy('id').limit(1000);
  await knex('old_stock').whereIn('id', rows.map((row) => row.id)).update({ imported: true });
  return rows.length;
}
