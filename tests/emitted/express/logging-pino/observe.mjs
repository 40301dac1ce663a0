import { logged } from "./lib/logged.mjs";

const lines = await logged("app.cjs");
const seen = lines.map(({ level, msg, method, path, status, duration_ms }) => ({
  level,
  message: msg,
  method,
  path,
  status,
  time: duration_ms >= 0,
}));
console.log(JSON.stringify(seen));
