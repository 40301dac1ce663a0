import express from "express";
import { QueryTypes, Sequelize } from "sequelize";

export const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, pool: { max: 1 } });
export const app = express();

app.get("/users", async (req, res) => {
  const rows = await sequelize.query(`SELECT id, name FROM users WHERE name = '${req.query.name}'`, { type: QueryTypes.SELECT });
  res.json(rows);
});
