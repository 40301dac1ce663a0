import type { RequestHandler } from 'express';
import { Order, sequelize } from '../models';

export const stats: RequestHandler = async (_req, res) => {
  const placed = await Order.count({ where: { state: 'placed' } });
  res.json({ data: { placed } });
};

export const reindex: RequestHandler = async (_req, res) => {
  await sequelize.query('REINDEX TABLE books');
  res.status(202).end();
};
