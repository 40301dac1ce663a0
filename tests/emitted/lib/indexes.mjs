// What valid indexes a table of PostgreSQL has beside its primary key.
import pg from "pg";

const query = `SELECT pg_get_indexdef(indexrelid) AS made_by FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  WHERE relname = $1 AND indisvalid AND NOT indisprimary ORDER BY made_by`;

export async function indexes(url, table) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(query, [table]);
  await client.end();
  return rows.map((row) => row.made_by);
}
