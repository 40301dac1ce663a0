import { relations } from 'drizzle-orm';
import { index, pgTable, real, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { movements } from './stock.js';

export const items = pgTable(
  'items',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    sku: text('sku').notNull().unique(),
    weight: real('weight'),
    createdAt: timestamp('created_at').defaultNow().notNull(),
  },
  (table) => [index('items_name').on(table.name)],
);

export const itemRelations = relations(items, ({ many }) => ({ movements: many(movements) }));
