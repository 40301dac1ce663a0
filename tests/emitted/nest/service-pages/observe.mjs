import { pages } from "./lib/pages.mjs";
import { filled } from "./lib/prisma.mjs";

const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
await filled(130);
console.log(JSON.stringify(await pages(async (path) => (await fetch(`${await app.getUrl()}${path}`)).json())));
process.exit(0);
