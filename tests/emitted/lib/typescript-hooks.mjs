import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const compilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  useDefineForClassFields: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** As written; else with the endings that a bundler would try. */
export async function resolve(specifier, context, next) {
  const endings = ["", ".ts", ".js", "/index.ts"];
  const tries = endings.map((ending) => specifier + ending).concat(specifier.replace(/\.js$/, ".ts"));
  let first;
  for (const attempt of tries) {
    try {
      return await next(attempt, context);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

export async function load(url, context, next) {
  if (!/\.[mc]?tsx?$/.test(url)) return next(url, context);
  const fileName = fileURLToPath(url);
  const { outputText } = ts.transpileModule(await readFile(fileName, "utf8"), { compilerOptions, fileName });
  return { format: "module", source: outputText, shortCircuit: true };
}
