import express from "express";
import { z } from "zod";

const Page = z.object({ page: z.coerce.number().int().default(1) });
export const app = express();

app.use((req, res, next) => {
  req.query = Page.parse(req.query);
  next();
});

app.get("/users", (req, res) => {
  res.json(res.locals.query ?? null);
});
