import { buildServer } from './server.js';

const server = await buildServer();

await server.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 8080) });
