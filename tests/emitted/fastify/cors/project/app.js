import cors from "@fastify/cors";
import Fastify from "fastify";

export const app = Fastify();

await app.register(cors, { origin: true, credentials: true });
app.get("/me", async () => ({ id: 1 }));
