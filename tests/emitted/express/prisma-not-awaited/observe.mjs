import { setTimeout } from "node:timers/promises";
import { answers } from "./lib/http.mjs";
import { filled, prisma } from "./lib/prisma.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(1);
const ask = await answers(app);
const headers = { "content-type": "application/json" };
const { status } = await ask("/posts/1/title", { method: "PUT", headers, body: JSON.stringify({ title: "new" }) });
await setTimeout(200);
console.log(JSON.stringify({ status, title: (await prisma.post.findUnique({ where: { id: 1 } })).title }));
process.exit(0);
