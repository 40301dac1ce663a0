import cors from "cors";
import express from "express";

export const app = express();

app.use(cors({ origin: true, credentials: true }));
app.get("/me", (req, res) => res.json({ id: 1 }));
