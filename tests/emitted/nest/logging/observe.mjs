// What is written to standard output is read back from a child of this program.
import { execFileSync } from "node:child_process";

if (process.argv[3] === "child") {
  const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
  const app = await bootstrap();
  await (await fetch(`${await app.getUrl()}/users`, { headers: { authorization: "Bearer secret" } })).text();
  setTimeout(() => process.exit(0), 200);
} else {
  const flags = ["--no-warnings", "--import", "./lib/typescript.mjs"];
  const text = execFileSync(process.execPath, [...flags, process.argv[1], process.argv[2], "child"], { encoding: "utf8" });
  const lines = text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const seen = lines.filter(({ res }) => res).map(({ level, req, res, responseTime }) => ({
    level,
    method: req.method,
    url: req.url,
    status: res.statusCode,
    time: responseTime >= 0,
    authorization: req.headers.authorization,
  }));
  console.log(JSON.stringify(seen));
}
