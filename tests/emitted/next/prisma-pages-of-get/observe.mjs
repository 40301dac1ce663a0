import { NextRequest } from "next/server.js";
import { pages } from "./lib/pages.mjs";
import { filled } from "./lib/prisma.mjs";

const { GET } = await import(`./${process.argv[2]}/app/users/route.ts`);
await filled(130);
console.log(JSON.stringify(await pages(async (path) => (await GET(new NextRequest(`http://localhost${path}`))).json())));
process.exit(0);
