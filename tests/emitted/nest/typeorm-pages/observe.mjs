import { Repository } from "typeorm";
import { pages } from "./lib/pages.mjs";

const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
await app.get(Repository).insert(Array.from({ length: 130 }, (_, n) => ({ name: `a${n}` })));
console.log(JSON.stringify(await pages(async (path) => (await fetch(`${await app.getUrl()}${path}`)).json())));
await app.close();
