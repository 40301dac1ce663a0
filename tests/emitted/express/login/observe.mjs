import { answers } from "./lib/http.mjs";

process.env.JWT_SECRET = "a secret of the tests that is long enough";
const { app, users } = await import(`./${process.argv[2]}/app.js`);
const ask = await answers(app);
const post = (path, body) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
await post("/register", { name: "ada", password: "right" });
const right = await post("/login", { name: "ada", password: "right" });
const wrong = await post("/login", { name: "ada", password: "wrong" });
const { token } = await right.json();
const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
console.log(
  JSON.stringify({
    right: right.status,
    wrong: wrong.status,
    cost: Number(users.get("ada").split("$")[2]),
    lifetime: claims.exp ? claims.exp - claims.iat : null,
  }),
);
process.exit(0);
