import { answers } from "./lib/http.mjs";

const { default: app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const seen = async (path) => {
  const response = await ask(path);
  const text = await response.text();
  const type = response.headers.get("content-type");
  const body = type.startsWith("application/json") ? JSON.parse(text) : type;
  return { status: response.status, body, stack: /app\.js|hunter2/.test(text) };
};
console.error = () => {};
console.log(JSON.stringify({ failed: await seen("/failed"), refused: await seen("/refused") }));
process.exit(0);
