import express from "express";

export const app = express();

app.get("/users", (req, res) => {
  console.log("listing users");
  res.json([]);
});
