// What is written to standard output is read back from a child of this program.
import { execFileSync } from "node:child_process";
import { answers } from "./lib/http.mjs";

if (process.argv[3] === "child") {
  const { app } = await import(`./${process.argv[2]}/app.js`);
  const ask = await answers(app);
  await (await ask("/users", { headers: { authorization: "Bearer secret" } })).text();
  process.exit(0);
} else {
  const text = execFileSync(process.execPath, [process.argv[1], process.argv[2], "child"], { encoding: "utf8" });
  const lines = text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const seen = lines.map(({ level, req, res, responseTime }) => ({
    level,
    method: req.method,
    url: req.url,
    status: res.statusCode,
    time: responseTime >= 0,
    authorization: req.headers.authorization,
  }));
  console.log(JSON.stringify(seen));
}
