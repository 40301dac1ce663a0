import jwt from '@fastify/jwt';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    authenticate: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  }
}

export default fp(async (app) => {
  app.register(jwt, { secret: process.env.JWT_SECRET as string, sign: { expiresIn: '15m' } });
  app.decorate('authenticate', async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      await request.jwtVerify();
    } catch {
      return reply.code(401).send({ error: { code: 'UNAUTHENTICATED' } });
    }
  });
  const turnedAway = new Set<string>();
  app.decorate('turnedAway', turnedAway);
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401) turnedAway.add(request.ip);
    done();
  });
});
