import express from "express";

export const app = express();
const users = express.Router();

users.get("/", (req, res) => {
  console.log("listing users");
  res.json([]);
});

app.use("/users", users);
