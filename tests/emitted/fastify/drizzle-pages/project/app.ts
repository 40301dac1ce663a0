import { createClient } from "@libsql/client";
import { drizzle } from "drizzle-orm/libsql";
import Fastify from "fastify";
import { users } from "./schema";

export const db = drizzle(createClient({ url: "file::memory:?cache=shared" }));
export const app = Fastify();

app.get("/users", async (request, reply) => {
  const found = await db.select().from(users);
  return found;
});
