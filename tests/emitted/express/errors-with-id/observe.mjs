import { answers } from "./lib/http.mjs";

console.error = () => {};
const { default: app } = await import(`./${process.argv[2]}/app.js`);
const response = await (await answers(app))("/failed");
const type = response.headers.get("content-type");
const body = type.startsWith("application/json") ? await response.json() : null;
const id = response.headers.get("x-request-id");
console.log(JSON.stringify({ failed: body ? body.error : type, same: id !== null && body?.request_id === id }));
process.exit(0);
