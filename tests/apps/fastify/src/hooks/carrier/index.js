// Loaded by folder: /hooks/carrier
export default async function (fastify) {
  fastify.post('/', async (request, reply) => {
    request.log.info({ carrier: request.body.carrier }, 'carrier called');
    return reply.code(204).send();
  });
  fastify.get('/:carrier/status', async (request) => ({ carrier: request.params.carrier }));
}
