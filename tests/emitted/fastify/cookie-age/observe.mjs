const { app } = await import(`./${process.argv[2]}/app.js`);
const answer = await app.inject({ method: "POST", url: "/login" });
console.log(JSON.stringify({ maxAge: answer.cookies[0].maxAge }));
