import { relations } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { items } from './items.js';

export const warehouses = pgTable('warehouses', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  city: text('city'),
});

export const stock = pgTable(
  'stock',
  {
    itemId: uuid('item_id').notNull().references(() => items.id, { onDelete: 'cascade' }),
    warehouseId: integer('warehouse_id').notNull().references(() => warehouses.id),
    amount: integer('amount').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.itemId, t.warehouseId] }), index('stock_warehouse').on(t.warehouseId)],
);

export const movements = pgTable(
  'movements',
  {
    id: serial('id').primaryKey(),
    itemId: uuid('item_id').notNull().references(() => items.id),
    warehouseId: integer('warehouse_id').references(() => warehouses.id),
    amount: integer('amount').notNull(),
    movedAt: timestamp('moved_at').defaultNow(),
  },
  (t) => [index('movements_item').on(t.itemId, t.movedAt)],
);

export const movementRelations = relations(movements, ({ one }) => ({
  item: one(items, { fields: [movements.itemId], references: [items.id] }),
}));
