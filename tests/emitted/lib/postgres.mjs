// PostgreSQL in this process, behind a port that drivers connect to.
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { createServer } from "node:net";

/** The address of an empty database. */
export async function postgres() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  const server = new PGLiteSocketServer({ db: await PGlite.create(), port, host: "127.0.0.1", maxConnections: 10 });
  await server.start();
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
}
