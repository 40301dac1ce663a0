import { answers } from "./lib/http.mjs";

const { app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const id = async (headers) => {
  const given = (await ask("/users", { headers })).headers.get("x-request-id");
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(given) ? "uuid" : given;
};
console.log(
  JSON.stringify({
    own: await id({}),
    given: await id({ "x-request-id": "client-0001" }),
    forged: await id({ "x-request-id": "a b {\"level\":60}" }),
  }),
);
process.exit(0);
