import { answers, told } from "./lib/http.mjs";

const { app } = await import(`./${process.argv[2]}/app.ts`);
const ask = await answers(app);
console.log(JSON.stringify(await told(await ask("/orders"))));
process.exit(0);
