// What is written to standard output is read back from a child of this program.
import { execFileSync } from "node:child_process";

if (process.argv[3] === "child") {
  const { app } = await import(`./${process.argv[2]}/app.js`);
  await app.inject({ url: "/users" });
} else {
  const text = execFileSync(process.execPath, [process.argv[1], process.argv[2], "child"], { encoding: "utf8" });
  const lines = text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const seen = lines.map(({ level, reqId, req, res, responseTime }) => ({
    level,
    ...(req && { url: req.url, method: req.method }),
    ...(res && { status: res.statusCode, time: responseTime >= 0 }),
    id: typeof reqId === "string",
  }));
  console.log(JSON.stringify(seen));
}
