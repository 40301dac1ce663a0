import type { FastifyPluginCallback } from 'fastify';
import { importStock } from '../legacy/import.js';

export const adminRoutes: FastifyPluginCallback = (app, _options, done) => {
  app.post('/imports', async (_request, reply) => {
    const n = await importStock();
    return reply.code(202).send({ imported: n });
  });
  app.route({ method: ['PUT', 'PATCH'], url: '/settings/:key', handler: (request, reply) => reply.send(request.body) });
  done();
};
