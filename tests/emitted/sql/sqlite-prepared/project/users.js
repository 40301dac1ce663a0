import Database from "libsql";

export const db = new Database(":memory:");

export function search(name, least) {
  return db.prepare(`SELECT id FROM users WHERE name = '${name}' AND id > ?`).all(least);
}
