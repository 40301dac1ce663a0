import { filled } from "./lib/prisma.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(0);
const status = async (payload) => (await app.inject({ method: "POST", url: "/users", payload })).statusCode;
console.log(JSON.stringify({ good: await status({ name: "Ada" }), wrong: await status({ name: { not: "" } }), none: await status({}) }));
process.exit(0);
