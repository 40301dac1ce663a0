// What is written to standard output is read back from a child of this program.
import { execFileSync } from "node:child_process";
import { answers } from "./lib/http.mjs";

if (process.argv[3] === "child") {
  const { app } = await import(`./${process.argv[2]}/app.ts`);
  const ask = await answers(app);
  await (await ask("/users?token=secret")).text();
  await (await ask("/users/none")).text();
  setTimeout(() => process.exit(0), 200);
} else {
  const flags = ["--no-warnings", "--import", "./lib/typescript.mjs"];
  const text = execFileSync(process.execPath, [...flags, process.argv[1], process.argv[2], "child"], { encoding: "utf8" });
  const lines = text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const seen = lines.map(({ level, message, meta }) => ({
    level,
    message,
    req: meta.req,
    status: meta.res.statusCode,
    time: meta.responseTime >= 0,
  }));
  console.log(JSON.stringify(seen));
}
