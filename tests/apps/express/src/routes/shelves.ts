import express, { type Request, type Response } from 'express';
import { salesByShelf } from '../reports/sales';

export const shelves = express.Router();

const latest = '/latest';

shelves.get(latest, async (_req: Request, res: Response) => {
  res.json({ data: await salesByShelf(7) });
});
shelves.get(['/top', '/best'], async (_req: Request, res: Response) => {
  res.json({ data: await salesByShelf(30) });
});
