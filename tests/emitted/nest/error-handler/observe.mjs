import { told } from "./lib/http.mjs";

const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
const url = `${await app.getUrl()}/users`;
const post = (body) => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
console.log(
  JSON.stringify({
    thrown: await told(await fetch(url)),
    missing: await told(await fetch(`${url}/7`)),
    broken: (await post("{")).status,
    large: (await post(JSON.stringify("a".repeat(200_000)))).status,
  }),
);
await app.close();
