import Fastify from "fastify";

export const app = Fastify();

app.get("/failed", async () => {
  throw new Error("password of db is hunter2");
});

app.get("/refused", async () => {
  throw Object.assign(new Error("no such order"), { statusCode: 404 });
});
