export default async function ping(fastify) {
  fastify.get('/ping', async () => 'pong');
}
