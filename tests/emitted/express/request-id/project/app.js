import express from "express";

export const app = express();

app.get("/users", (req, res) => {
  res.json([{ id: 1, name: "Ada" }]);
});
