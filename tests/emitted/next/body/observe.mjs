import { filled } from "./lib/prisma.mjs";

const { POST } = await import(`./${process.argv[2]}/app/api/users/route.ts`);
await filled(0);
const seen = async (body) => {
  const request = new Request("http://localhost/api/users", { method: "POST", body: JSON.stringify(body) });
  const answer = await POST(request).catch(() => null);
  if (answer === null) return "thrown";
  return answer.status === 200 ? 200 : (await answer.json()).error.code;
};
console.log(JSON.stringify({ good: await seen({ name: "Ada" }), wrong: await seen({ name: { not: "" } }), none: await seen({}) }));
process.exit(0);
