// A server of the driver's own that tells what it is sent.
import mysql from "mysql2";

const seen = [];
const server = mysql.createServer();
server.on("connection", (connection) => {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: "8.0.0",
    connectionId: 1,
    statusFlags: 2,
    characterSet: 45,
    capabilityFlags: 0xffffff ^ 0x800,
    authCallback: (_, done) => done(null),
  });
  connection.on("query", (statement) => {
    seen.push(statement);
    connection.writeOk({ affectedRows: 0 });
  });
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
process.env.DATABASE_PORT = server._server.address().port;
const { search } = await import(`./${process.argv[2]}/users.js`);
await search("' OR '1'='1");
console.log(JSON.stringify({ statement: seen.at(-1) }));
process.exit(0);
