import { logged } from "./lib/logged.mjs";

const lines = await logged("app.ts");
const seen = lines.map(({ level, message, method, path, status, duration_ms }) => ({
  level,
  message,
  method,
  path,
  status,
  time: duration_ms >= 0,
}));
console.log(JSON.stringify(seen));
