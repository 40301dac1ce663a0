import { desc, eq, sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { db } from '../db/client.js';
import { movements as table, stock } from '../db/schema/index.js';

interface Movement {
  itemId: string;
  warehouseId: number;
  amount: number;
}

export async function movements(app: FastifyInstance) {
  app.addHook('preHandler', app.authenticate);

  app.get<{ Params: { itemId: string } }>('/items/:itemId/movements', async (request) => {
    return db.select().from(table).where(eq(table.itemId, request.params.itemId)).orderBy(desc(table.movedAt)).limit(100);
  });

  app.post<{ Body: Movement }>('/movements', { schema: { body: { $ref: 'movement#' } } }, async (request, reply) => {
    const { itemId, warehouseId, amount } = request.body;
    await db.transaction(async (tx) => {
      await tx.insert(table).values({ itemId, warehouseId, amount });
      await tx.update(stock).set({ amount: sql`${stock.amount} + ${amount}` }).where(eq(stock.itemId, itemId));
    });
    return reply.code(201).send();
  });
}
