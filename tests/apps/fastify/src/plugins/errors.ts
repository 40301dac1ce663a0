import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  request.log.error({ error }, 'request failed');
  return reply.code(error.statusCode ?? 500).send({ error: { code: error.code ?? 'INTERNAL' } });
}

export function onMissing(_request: FastifyRequest, reply: FastifyReply) {
  return reply.code(404).send({ error: { code: 'NOT_FOUND' } });
}
