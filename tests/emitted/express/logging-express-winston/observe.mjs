import { logged } from "./lib/logged.mjs";

const lines = await logged("app.ts");
const seen = lines.map(({ level, message, meta }) => ({
  level,
  message,
  req: meta.req,
  status: meta.res.statusCode,
  time: meta.responseTime >= 0,
}));
console.log(JSON.stringify(seen));
