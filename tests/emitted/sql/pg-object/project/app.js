import express from "express";
import pg from "pg";

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
export const app = express();

app.get("/users", async (req, res) => {
  const { rows } = await pool.query({ text: `SELECT id, name FROM users WHERE id > $1 AND name = '${req.query.name}'`, values: [0] });
  res.json(rows);
});
