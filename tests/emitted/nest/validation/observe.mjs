const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
const url = `${await app.getUrl()}/users`;
const post = (body) => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const extra = await post({ name: "Ada", isAdmin: true });
console.log(
  JSON.stringify({
    good: (await post({ name: "Ada" })).status,
    wrong: (await post({ name: ["Ada"] })).status,
    extra: { status: extra.status, stored: extra.ok ? await extra.json() : null },
  }),
);
await app.close();
