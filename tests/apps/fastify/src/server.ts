import path from 'node:path';
import { fileURLToPath } from 'node:url';
import autoload from '@fastify/autoload';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import api from './api/index.js';
import health from './health.js';
import { adminRoutes } from './admin/routes.js';
import auth from './plugins/auth.js';
import { onError, onMissing } from './plugins/errors.js';

const here = path.dirname(fileURLToPath(import.meta.url));

export async function buildServer() {
  const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' }, trustProxy: true }).withTypeProvider<TypeBoxTypeProvider>();

  await app.register(helmet);
  await app.register(cookie);
  await app.register(auth);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onMissing);

  app.register(health);
  app.register(api, { prefix: '/api' });
  app.register(autoload, { dir: path.join(here, 'hooks'), options: { prefix: '/hooks' } });
  app.register(
    async (scope) => {
      scope.addHook('preHandler', app.authenticate);
      scope.register(adminRoutes);
    },
    { prefix: '/admin' },
  );
  return app;
}
