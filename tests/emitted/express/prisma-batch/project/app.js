import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.get("/authors", async (req, res) => {
  const posts = await prisma.post.findMany({ orderBy: { id: "asc" }, take: 50 });
  const names = [];
  for (const post of posts) {
    const author = await prisma.user.findUnique({ where: { id: post.authorId } });
    names.push(author.name);
  }
  res.json(names);
});
