import { eq } from "drizzle-orm";
import { db } from "./db";
import { users } from "./schema";

export async function authors() {
  const posts = await db.query.posts.findMany({ limit: 20 });
  const names: string[] = [];
  for (const post of posts) {
    const author = await db.query.users.findFirst({ where: eq(users.id, post.authorId) });
    names.push(author.name);
  }
  return names;
}
