const { POST } = await import(`./${process.argv[2]}/app/api/login/route.ts`);
const cookie = (await POST(new Request("http://localhost/api/login", { method: "POST" }))).headers.get("set-cookie");
console.log(JSON.stringify({ maxAge: Number(/Max-Age=(\d+)/.exec(cookie)[1]), httpOnly: /HttpOnly/.test(cookie) }));
