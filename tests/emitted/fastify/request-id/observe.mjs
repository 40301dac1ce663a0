const { app } = await import(`./${process.argv[2]}/app.ts`);
const id = async (headers) => {
  const given = (await app.inject({ url: "/users", headers })).headers["x-request-id"] ?? null;
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(given) ? "uuid" : given;
};
console.log(
  JSON.stringify({
    own: await id({}),
    given: await id({ "x-request-id": "client-0001" }),
    forged: await id({ "x-request-id": "a b {\"level\":60}" }),
  }),
);
