import express from "express";

const users = new Map([["1", { id: "1" }]]);
export const app = express();
export const thrown = [];

app.get("/users/:id", async (req, res) => {
  const user = users.get(req.params.id);
  if (!user) {
    res.status(404).json({ error: { code: "NOT_FOUND" } });
  }
  res.json({ user });
});

app.use((err, req, res, next) => {
  thrown.push(err.code);
});
