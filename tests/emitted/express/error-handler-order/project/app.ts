import express, { type NextFunction, type Request, type Response } from "express";

export const app = express();

app.use(express.json());
app.use((err: Error, req: Request, res: Response, next: NextFunction) => {
  res.status(500).json({ error: { code: "INTERNAL_ERROR" } });
});

app.get("/orders", async (req: Request, res: Response) => {
  throw new Error("no database");
});
