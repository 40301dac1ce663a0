import Fastify from "fastify";

export const app = Fastify({ bodyLimit: 65536 });

app.get("/users", async () => [{ id: 1, name: "Ada" }]);
