import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.get("/posts", async (req, res) => {
  const posts = await prisma.post.findMany({ orderBy: { id: "asc" }, take: 50 });
  for (const post of posts) {
    post.author = await prisma.user.findUnique({ where: { id: post.authorId } });
  }
  res.json(posts);
});
