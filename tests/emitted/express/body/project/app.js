import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.use(express.json());
app.post("/users", async (req, res) => {
  const { name } = req.body;
  const user = await prisma.user.create({ data: { name } });
  res.status(201).json({ id: user.id });
});
