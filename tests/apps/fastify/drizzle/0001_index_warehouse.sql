CREATE INDEX CONCURRENTLY "movements_warehouse" ON "movements" ("warehouse_id");
