import { asc, eq, ilike } from 'drizzle-orm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { db } from '@/db/client.js';
import { items } from '@/db/schema/index.js';
import type { Item, ItemFilter } from './schemas.js';

type One = FastifyRequest<{ Params: { itemId: string } }>;

export async function list(request: FastifyRequest<{ Querystring: ItemFilter }>) {
  const { q = '', page = 1 } = request.query;
  const rows = await db
    .select()
    .from(items)
    .where(ilike(items.name, `%${q}%`))
    .orderBy(asc(items.name))
    .limit(50)
    .offset((page - 1) * 50);
  return { data: rows };
}

export const show = async (request: One, reply: FastifyReply) => {
  const item = await db.query.items.findFirst({ where: eq(items.id, request.params.itemId), with: { movements: true } });
  if (!item) return reply.code(404).send({ error: { code: 'NO_ITEM' } });
  return { data: item };
};

export async function create(request: FastifyRequest<{ Body: Item }>, reply: FastifyReply) {
  const [item] = await db.insert(items).values(request.body).returning();
  reply.code(201);
  return { data: item };
}

export async function replace(request: FastifyRequest<{ Params: { itemId: string }; Body: Item }>) {
  await db.update(items).set(request.body).where(eq(items.id, request.params.itemId));
  return { data: request.body };
}

export async function remove(request: One, reply: FastifyReply) {
  await db.delete(items).where(eq(items.id, request.params.itemId));
  return reply.code(204).send();
}
