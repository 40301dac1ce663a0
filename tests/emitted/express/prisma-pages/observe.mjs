import { answers } from "./lib/http.mjs";
import { pages } from "./lib/pages.mjs";
import { filled } from "./lib/prisma.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(130);
const ask = await answers(app);
console.log(JSON.stringify(await pages(async (path) => (await ask(path)).json())));
process.exit(0);
