import type { FastifyPluginAsync } from 'fastify';
import { items, movements, warehouses } from './routes.js';

const V1 = '/v1';

const api: FastifyPluginAsync = async (app) => {
  app.register(items, { prefix: `${V1}/items` });
  app.register(warehouses, { prefix: V1 + '/warehouses' });
  app.register(movements, { prefix: V1 });
};

export default api;
