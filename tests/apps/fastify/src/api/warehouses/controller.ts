import { eq } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { db } from '@/db/client.js';
import { warehouses } from '@/db/schema/index.js';

export function makeWarehouseController() {
  return {
    list: async () => db.select().from(warehouses).limit(50),
    nearby: async () => db.query.warehouses.findMany({ limit: 5 }),
    show: async (request: FastifyRequest<{ Params: { id: number } }>) =>
      db.query.warehouses.findFirst({ where: eq(warehouses.id, request.params.id) }),
  };
}
