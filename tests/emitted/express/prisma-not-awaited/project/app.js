import express from "express";
import { prisma } from "./db.js";

export const app = express();

app.use(express.json());
app.put("/posts/:id/title", async (req, res) => {
  prisma.post.update({ where: { id: Number(req.params.id) }, data: { title: String(req.body.title) } });
  res.status(204).end();
});
