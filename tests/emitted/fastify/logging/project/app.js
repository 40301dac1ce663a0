import Fastify from "fastify";

export const app = Fastify();

app.get("/users", async () => {
  console.log("listing users");
  return [];
});
