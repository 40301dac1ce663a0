import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import * as handlers from './handlers.js';
import { ItemBody, ItemParams, ItemQuery } from './schemas.js';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', { schema: { querystring: ItemQuery } }, handlers.list);
  app.post('/', { schema: { body: ItemBody }, preHandler: [app.authenticate] }, handlers.create);
  app.get('/:itemId', { schema: { params: ItemParams } }, handlers.show);
  app.put('/:itemId', { schema: { params: ItemParams, body: ItemBody }, onRequest: app.authenticate, handler: handlers.replace });
  app.route({
    method: 'DELETE',
    url: '/:itemId',
    schema: { params: ItemParams },
    handler: handlers.remove,
  });
};

export default routes;
