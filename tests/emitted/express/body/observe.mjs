import { answers } from "./lib/http.mjs";
import { filled } from "./lib/prisma.mjs";

console.error = () => {};
const { app } = await import(`./${process.argv[2]}/app.js`);
await filled(0);
const ask = await answers(app);
const headers = { "content-type": "application/json" };
const post = (body) => ask("/users", { method: "POST", headers, body: JSON.stringify(body) });
const seen = async (body) => {
  const answer = await post(body);
  const text = await answer.text();
  return { status: answer.status, code: text.startsWith("{") ? (JSON.parse(text).error.code ?? null) : null };
};
console.log(JSON.stringify({ good: (await post({ name: "Ada" })).status, wrong: await seen({ name: { not: "" } }), none: await seen({}) }));
process.exit(0);
