import cookie from "@fastify/cookie";
import Fastify from "fastify";

export const app = Fastify();

app.register(cookie);
app.post("/login", async (request, reply) => {
  reply.setCookie("session", "s1", { httpOnly: true, secure: true, sameSite: "strict", maxAge: 7 * 24 * 60 * 60 * 1000 });
  return { ok: true };
});
