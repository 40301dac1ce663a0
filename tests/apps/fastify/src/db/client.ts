import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.js';

export const db = drizzle(postgres(process.env.DATABASE_URL as string), { schema });
