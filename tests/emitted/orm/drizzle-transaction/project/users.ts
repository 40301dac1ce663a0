import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, serial, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", { id: serial("id").primaryKey(), name: text("name").notNull() });
export const db = drizzle({ connection: { connectionString: process.env.DATABASE_URL, max: 1, connectionTimeoutMillis: 500 } });

export async function register(name: string) {
  await db.transaction(async (tx) => {
    await db.insert(users).values({ name });
  });
}
