// `node --import`: TypeScript files run, with the types of decorators, which frameworks that inject look at.
import { register } from "node:module";

register("./typescript-hooks.mjs", import.meta.url);
