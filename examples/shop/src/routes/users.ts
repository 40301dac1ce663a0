import { Router } from "express";
import { prisma } from "../db";
import { login, register } from "../services/accounts";

export const users = Router();

users.get("/getUser/:id", async (req, res) => {
  const user = await prisma.user.findUnique({ where: { id: Number(req.params.id) } });
  if (!user) res.status(404).json({ error: { code: "NOT_FOUND", message: "no such user" } });
  res.json({ data: user });
});

users.post("/login", async (req, res) => {
  const tokens = await login(req.body.email, req.body.password);
  res.cookie("refresh_token", tokens.refresh, { httpOnly: true, secure: true, maxAge: 7 * 24 * 60 * 60 });
  res.json({ access_token: tokens.access });
});

users.post("/", async (req, res) => {
  res.status(201).json({ data: await register(req.body.email, req.body.password) });
});
