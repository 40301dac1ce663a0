import bcrypt from "bcryptjs";
import express from "express";
import jwt from "jsonwebtoken";

export const users = new Map();
export const app = express();

app.use(express.json());

app.post("/register", async (req, res) => {
  users.set(req.body.name, await bcrypt.hash(req.body.password, 8));
  res.status(201).json({});
});

app.post("/login", async (req, res) => {
  const { name, password } = req.body;
  if (!bcrypt.compare(password, users.get(name) ?? "")) {
    return res.status(401).json({ error: { code: "WRONG_PASSWORD" } });
  }
  const token = jwt.sign({ sub: name }, process.env.JWT_SECRET);
  res.json({ token });
});
