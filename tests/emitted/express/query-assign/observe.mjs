import { answers, told } from "./lib/http.mjs";

console.error = () => {};
const { app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
console.log(JSON.stringify(await told(await ask("/users?page=3"))));
process.exit(0);
