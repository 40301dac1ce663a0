process.env.JWT_SECRET = "a secret of the tests that is long enough";
const { app } = await import(`./${process.argv[2]}/app.js`);
const { token } = (await app.inject({ method: "POST", url: "/login" })).json();
const { exp, iat } = app.jwt.verify(token);
console.log(JSON.stringify({ lifetime: exp ? exp - iat : null }));
