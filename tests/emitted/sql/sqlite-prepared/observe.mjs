// `libsql` has the interface of better-sqlite3 and brings SQLite built.
const { db, search } = await import(`./${process.argv[2]}/users.js`);
db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
db.exec("INSERT INTO users (name) VALUES ('ada'), ('bob')");
console.log(JSON.stringify({ own: search("ada", 0).length, attack: search("' OR '1'='1' OR '", 0).length }));
process.exit(0);
