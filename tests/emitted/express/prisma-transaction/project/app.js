import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.post("/users/1/first-post", async (req, res) => {
  try {
    await prisma.$transaction(async (tx) => {
      await prisma.post.create({ data: { title: "first", authorId: 1 } });
      await tx.user.update({ where: { id: 99 }, data: { name: "nobody" } });
    });
    res.status(201).json({});
  } catch {
    res.status(500).json({ error: { code: "INTERNAL_ERROR" } });
  }
});
