import { answers, told } from "./lib/http.mjs";

const { app, thrown } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const seen = await told(await ask("/users/2"));
console.log(JSON.stringify({ ...seen, thrown }));
process.exit(0);
