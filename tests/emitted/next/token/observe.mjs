process.env.JWT_SECRET = "a secret of the tests that is long enough";
const { POST } = await import(`./${process.argv[2]}/app/api/login/route.ts`);
const { token } = await (await POST(new Request("http://localhost/api/login", { method: "POST" }))).json();
const { exp, iat } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
console.log(JSON.stringify({ lifetime: exp ? exp - iat : null }));
