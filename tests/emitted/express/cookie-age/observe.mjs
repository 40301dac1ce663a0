import { answers } from "./lib/http.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const cookie = (await ask("/login", { method: "POST" })).headers.get("set-cookie");
console.log(JSON.stringify({ maxAge: Number(/Max-Age=(\d+)/.exec(cookie)[1]) }));
process.exit(0);
