const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

exports.salesByShelf = async (days) => {
  const { rows } = await pool.query(
    'SELECT shelf, sum(amount) AS sold FROM order_lines JOIN books ON books.id = book_id WHERE sold_at > now() - $1::interval GROUP BY shelf',
    [`${days} days`],
  );
  return rows;
};
