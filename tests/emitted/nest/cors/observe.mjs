process.env.CORS_ORIGINS = "https://shop.example,https://admin.example";
const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
const url = `${await app.getUrl()}/users`;
const from = async (origin) => (await fetch(url, { method: "POST", headers: { origin } })).headers;
const own = await from("https://shop.example");
console.log(
  JSON.stringify({
    evil: (await from("https://evil.example")).get("access-control-allow-origin"),
    own: own.get("access-control-allow-origin"),
    credentials: own.get("access-control-allow-credentials"),
  }),
);
await app.close();
