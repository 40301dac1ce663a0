const { bootstrap } = await import(`./${process.argv[2]}/main.ts`);
const app = await bootstrap();
const body = async (path) => (await fetch(`${await app.getUrl()}${path}`)).json();
console.log(JSON.stringify({ me: await body("/users/me"), other: await body("/users/7") }));
await app.close();
