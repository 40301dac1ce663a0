const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
const url = `${await app.getUrl()}/users`;
const id = async (headers) => {
  const given = (await fetch(url, { headers })).headers.get("x-request-id");
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(given) ? "uuid" : given;
};
console.log(
  JSON.stringify({
    own: await id({}),
    given: await id({ "x-request-id": "client-0001" }),
    forged: await id({ "x-request-id": "a b {\"level\":60}" }),
  }),
);
await app.close();
