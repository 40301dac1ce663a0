import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { Post, sequelize } = (await import(`./${process.argv[2]}/models.js`)).default;
const { publish } = (await import(`./${process.argv[2]}/posts.js`)).default;
await sequelize.sync();
const error = await publish("new").then(
  () => null,
  ({ name }) => name,
);
console.log(JSON.stringify({ error, posts: await Post.count() }));
process.exit(0);
