import { answers } from "./lib/http.mjs";
import { filled, selects } from "./lib/prisma.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(5);
const ask = await answers(app);
const seen = await selects(async () => (await ask("/authors")).json());
console.log(JSON.stringify({ selects: seen.selects, authors: seen.given }));
process.exit(0);
