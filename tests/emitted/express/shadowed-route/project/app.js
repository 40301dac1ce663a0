import express from "express";

export const app = express();

app.get("/users/:id", (req, res) => {
  res.json({ id: req.params.id });
});

app.get("/users/me", (req, res) => {
  res.json({ me: true });
});
