import Fastify from "fastify";
import { prisma } from "./db.js";

export const app = Fastify();

app.post("/users", async (request, reply) => {
  const { name } = request.body;
  return prisma.user.create({ data: { name } });
});
