import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.get("/users", async (req, res) => {
  const users = await prisma.$queryRawUnsafe(`SELECT id, name FROM "User" WHERE name = '${req.query.name}'`);
  res.json(users);
});
