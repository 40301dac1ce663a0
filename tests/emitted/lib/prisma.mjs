// A Prisma client on an empty database of its own, and what it sends.
import prismaClient from "@prisma/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { mkdtempSync } from "node:fs";

const file = `${mkdtempSync("database-")}/data.db`;

/** The client that a project imports as its own. */
export const prisma = new prismaClient.PrismaClient({
  adapter: new PrismaLibSql({ url: `file:${file}` }),
  log: [{ emit: "event", level: "query" }],
});

const sent = [];
prisma.$on("query", ({ query }) => sent.push(query));

/** The tables of lib/schema.prisma, with `n` users who wrote one post each. */
export async function filled(n) {
  await prisma.$executeRawUnsafe('CREATE TABLE "User" (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)');
  await prisma.$executeRawUnsafe('CREATE TABLE "Post" (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, "authorId" INTEGER NOT NULL)');
  for (let id = 1; id <= n; id++) {
    await prisma.user.create({ data: { id, name: `a${id}` } });
    await prisma.post.create({ data: { id, title: `p${id}`, authorId: id } });
  }
}

/** What `run` gives, and how many SELECTs it took. */
export async function selects(run) {
  sent.length = 0;
  const given = await run();
  return { given, selects: sent.filter((query) => query.startsWith("SELECT")).length };
}
