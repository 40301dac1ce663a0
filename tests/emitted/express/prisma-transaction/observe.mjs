import { answers } from "./lib/http.mjs";
import { filled, prisma } from "./lib/prisma.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(0);
const ask = await answers(app);
const { status } = await ask("/users/1/first-post", { method: "POST" });
console.log(JSON.stringify({ status, posts: await prisma.post.count() }));
process.exit(0);
