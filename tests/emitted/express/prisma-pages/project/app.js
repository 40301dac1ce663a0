import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.get("/users", async (req, res) => {
  const users = await prisma.user.findMany({ select: { id: true, name: true } });
  res.json(users);
});
