// What an editor offers in the files that `rune new` begins: yaml-language-server is started and asked, as an editor does.
// node complete.mjs RUNE FOLDER: FOLDER is empty and may be written to.
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const [rune, folder] = process.argv.slice(2).map((path) => resolve(path));
// The cursor stands at `|`. `all` must be offered there, each with its text if it is a key.
const CASES = [
  { name: "keys of a rule", of: "rule", put: "\n|", all: ["fix", "related", "skip", "given", "references", "files"] },
  { name: "a severity", of: "rule", replace: [/severity: .*/, "severity: |"], all: ["critical", "high", "medium", "low", "info"], values: true },
  { name: "a confidence", of: "rule", replace: [/confidence: .*/, "confidence: |"], all: ["high", "medium", "low"], values: true },
  { name: "keys of a fix", of: "rule", put: "\nfix:\n  |", all: ["title", "safety", "edits", "where"] },
  { name: "operations of an edit", of: "rule", put: "\nfix:\n  title: t\n  safety: safe\n  edits:\n    - |", all: ["replace", "remove", "insert-before", "ensure-import", "create-file"] },
  { name: "keys of an example", of: "rule", put: "  - |", all: ["bad", "good", "fixed"] },
  { name: "keys of a configuration", of: "config", put: "|", all: ["packs", "rules", "overrides", "exclude", "extends", "root", "fail-on", "include"] },
  { name: "where a pack is", of: "config", put: "packs:\n  house:\n    |", all: ["path", "builtin", "options"] },
  { name: "what a rule is", of: "config", put: "rules:\n  backend/jwt-no-expiry: |", all: ["\"off\"", "critical", "low"], values: true },
  { name: "a setting of a rule", of: "config", put: "rules:\n  backend/jwt-no-expiry:\n    |", all: ["severity", "fix", "files", "ignores"] },
  { name: "what may be done with fixes", of: "config", put: "rules:\n  backend/jwt-no-expiry:\n    fix: |", all: ["unsafe", "display", "\"off\""], values: true },
  { name: "keys of an override", of: "config", put: "overrides:\n  - |", all: ["files", "rules", "ignores"] },
];

/// The texts that the cases begin with.
function texts() {
  const run = (...arguments_) => execFileSync(rune, arguments_, { cwd: folder, encoding: "utf8" });
  mkdirSync(join(folder, "pack"));
  writeFileSync(join(folder, "pack/pack.toml"), '[pack]\nname = "house"\nversion = "1.0.0"\nformat = 1\n\n[skills.style]\n');
  run("new", "rule", "the-rule", "--pack", "pack");
  run("new", "config");
  const modeline = readFileSync(join(folder, "rune.toml"), "utf8").match(/^#:schema (.*)$/m)[1];
  return {
    rule: { path: "pack/style/the-rule.yaml", text: readFileSync(join(folder, "pack/style/the-rule.yaml"), "utf8") },
    // The same schema as the file in TOML names, in the form that this server reads.
    config: { path: "rune.yaml", text: `# yaml-language-server: $schema=${modeline}\n` },
  };
}

const server = spawn(process.execPath, [createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server", { paths: [process.cwd()] }), "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
let buffer = Buffer.alloc(0);
let number = 0;
server.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
    if (buffer.length < end + 4 + length) return;
    const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString());
    buffer = buffer.subarray(end + 4 + length);
    if (message.method && message.id !== undefined) {
      // The server asks for settings and to be registered: nothing of that is set.
      const result = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
      post({ id: message.id, result });
    } else if (waiting.has(message.id)) {
      waiting.get(message.id)(message);
      waiting.delete(message.id);
    }
  }
});
const post = (message) => {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
};
const ask = (method, params) => new Promise((done) => { waiting.set(++number, done); post({ id: number, method, params }); });

const timer = setTimeout(() => { console.error("no answer within 120 s"); process.exit(1); }, 120_000);
await ask("initialize", {
  processId: process.pid, rootUri: pathToFileURL(folder).href,
  capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } } } },
  workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "project" }],
});
post({ method: "initialized", params: {} });
post({ method: "workspace/didChangeConfiguration", params: { settings: { yaml: { completion: true, hover: true, validate: true, schemaStore: { enable: false } } } } });

const begun = texts();
let failed = 0;
for (const [index, one] of CASES.entries()) {
  const { path, text } = begun[one.of];
  const whole = one.replace ? text.replace(one.replace[0], one.replace[1]) : text.trimEnd() + "\n" + one.put.replace(/^\n/, "");
  const at = whole.lastIndexOf("|") === -1 ? whole.length : one.replace ? whole.indexOf(one.replace[1]) + one.replace[1].length - 1 : whole.lastIndexOf("|");
  const said = whole.slice(0, at) + whole.slice(at + 1);
  const before = whole.slice(0, at).split("\n");
  const uri = pathToFileURL(join(folder, path.replace(/\.yaml$/, index ? `-${index}.yaml` : ".yaml"))).href;
  post({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text: said } } });
  const answer = await ask("textDocument/completion", { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1).length } });
  const items = answer.result?.items ?? answer.result ?? [];
  const by = new Map(items.map((item) => [item.label, item]));
  const lacking = one.all.filter((label) => !by.has(label));
  const silent = one.values ? [] : one.all.filter((label) => by.has(label) && !(by.get(label).documentation?.value ?? by.get(label).documentation));
  const ok = lacking.length === 0 && silent.length === 0;
  console.log(`${ok ? "ok  " : "FAIL"} ${one.name}: ${items.length} offered${lacking.length ? `; not ${lacking.join(", ")}` : ""}${silent.length ? `; without a text: ${silent.join(", ")}` : ""}`);
  failed += ok ? 0 : 1;
}
clearTimeout(timer);
server.kill();
console.log(`${CASES.length - failed} of ${CASES.length} hold`);
process.exit(failed ? 1 : 0);
