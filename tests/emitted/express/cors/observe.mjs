import { answers } from "./lib/http.mjs";

process.env.CORS_ORIGINS = "https://shop.example,https://admin.example";
const { app } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const from = async (origin) => (await ask("/me", { headers: { origin } })).headers;
const own = await from("https://shop.example");
console.log(
  JSON.stringify({
    evil: (await from("https://evil.example")).get("access-control-allow-origin"),
    own: own.get("access-control-allow-origin"),
    credentials: own.get("access-control-allow-credentials"),
  }),
);
process.exit(0);
