import { createClient } from "@libsql/client";
import { drizzle } from "drizzle-orm/libsql";
import * as schema from "./schema";

export const sent: string[] = [];
const logger = { logQuery: (query: string) => void sent.push(query) };
export const db = drizzle(createClient({ url: "file::memory:?cache=shared" }), { schema, logger });
