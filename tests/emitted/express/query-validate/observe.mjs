import { answers, told } from "./lib/http.mjs";

console.error = () => {};
const { app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const headers = { "content-type": "application/json" };
console.log(JSON.stringify(await told(await ask("/users/search?page=3", { method: "POST", headers, body: JSON.stringify({ name: "ada" }) }))));
process.exit(0);
