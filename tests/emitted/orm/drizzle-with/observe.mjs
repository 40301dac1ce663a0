const { db, sent } = await import(`./${process.argv[2]}/db.ts`);
const { authors } = await import(`./${process.argv[2]}/posts.ts`);
await db.run("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
await db.run("CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL)");
for (let id = 1; id <= 5; id++) {
  await db.run(`INSERT INTO users VALUES (${id}, 'a${id}')`);
  await db.run(`INSERT INTO posts VALUES (${id}, ${id})`);
}
sent.length = 0;
const names = await authors();
console.log(JSON.stringify({ selects: sent.length, authors: names }));
