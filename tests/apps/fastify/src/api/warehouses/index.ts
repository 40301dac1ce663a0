import type { FastifyInstance } from 'fastify';
import { makeWarehouseController } from './controller.js';

export async function warehouses(fastify: FastifyInstance) {
  const controller = makeWarehouseController();

  fastify.get('/', controller.list);
  fastify.get('/nearby', controller.nearby);
  fastify.get('/:id', controller.show);
}
