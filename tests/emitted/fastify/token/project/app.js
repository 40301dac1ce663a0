import jwt from "@fastify/jwt";
import Fastify from "fastify";

export const app = Fastify();

await app.register(jwt, { secret: process.env.JWT_SECRET });
app.post("/login", async (request, reply) => {
  const token = app.jwt.sign({ sub: "1" });
  return { token };
});
