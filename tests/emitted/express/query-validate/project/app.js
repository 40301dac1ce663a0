import express from "express";
import { z } from "zod";

const validate = (schema) => (req, res, next) => {
  const result = schema.safeParse({ body: req.body, query: req.query });
  if (!result.success) {
    return res.status(400).json({ error: { code: "VALIDATION_ERROR" } });
  }
  Object.assign(req, result.data);
  next();
};

const Search = z.object({
  body: z.object({ name: z.string().toUpperCase() }),
  query: z.object({ page: z.coerce.number().int().default(1) }),
});

export const app = express();

app.use(express.json());
app.post("/users/search", validate(Search), (req, res) => {
  res.json({ page: res.locals.query?.page, name: req.body.name });
});
