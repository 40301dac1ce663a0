// What an application logs: it writes to standard output, which is read back from a child of this program.
import { execFileSync } from "node:child_process";
import { answers } from "./http.mjs";

/** Asks for `/users` and for what is not there; the lines of the log as objects. `file` is that of the application. */
export async function logged(file) {
  if (process.argv[3] === "child") {
    const { app } = await import(`../${process.argv[2]}/${file}`);
    const ask = await answers(app);
    await (await ask("/users?token=secret")).text();
    await (await ask("/users/none")).text();
    setTimeout(() => process.exit(0), 200);
    await new Promise(() => {});
  }
  const flags = ["--no-warnings", "--import", "./lib/typescript.mjs"];
  const text = execFileSync(process.execPath, [...flags, process.argv[1], process.argv[2], "child"], { encoding: "utf8" });
  return text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}
