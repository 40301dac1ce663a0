process.env.CORS_ORIGINS = "https://shop.example,https://admin.example";
const { app } = await import(`./${process.argv[2]}/app.js`);
const from = async (origin) => (await app.inject({ url: "/me", headers: { origin } })).headers;
const own = await from("https://shop.example");
console.log(
  JSON.stringify({
    evil: (await from("https://evil.example"))["access-control-allow-origin"] ?? null,
    own: own["access-control-allow-origin"] ?? null,
    credentials: own["access-control-allow-credentials"] ?? null,
  }),
);
