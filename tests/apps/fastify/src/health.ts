import type { FastifyInstance } from 'fastify';

export default async function health(app: FastifyInstance) {
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ ok: true }));
  app.head('/healthz', async (_request, reply) => reply.code(204).send());
}
