import express from "express";

export const app = express();

app.post("/login", (req, res) => {
  res.cookie("session", "s1", { httpOnly: true, secure: true, sameSite: "strict", maxAge: 604800 });
  res.status(204).end();
});
