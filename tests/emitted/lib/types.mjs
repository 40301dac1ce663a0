// The type errors of a folder's TypeScript, a line each, without places: `node types.mjs FOLDER`.
import { readdirSync } from "node:fs";
import ts from "typescript";

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true }).filter((path) => /(?<!\.d)\.[cm]?ts$/.test(path));
const program = ts.createProgram(files.map((path) => `${folder}/${path}`), {
  noEmit: true,
  strict: true,
  strictPropertyInitialization: false,
  skipLibCheck: true,
  allowJs: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
});
const told = ts.getPreEmitDiagnostics(program).map(({ code, messageText }) => `TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
console.log(JSON.stringify([...new Set(told)].sort()));
