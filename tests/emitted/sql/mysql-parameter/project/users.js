import mysql from "mysql2/promise";

const pool = mysql.createPool({ host: "127.0.0.1", port: Number(process.env.DATABASE_PORT), user: "shop" });

export async function search(name) {
  const [rows] = await pool.query("SELECT id FROM users WHERE name LIKE '%" + name + "%' ORDER BY id");
  return rows;
}
