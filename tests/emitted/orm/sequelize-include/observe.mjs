import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { Post, User, sent, sequelize } = (await import(`./${process.argv[2]}/models.js`)).default;
const { authors } = (await import(`./${process.argv[2]}/posts.js`)).default;
await sequelize.sync();
for (let n = 1; n <= 5; n++) {
  const author = await User.create({ name: `a${n}` });
  await Post.create({ title: `p${n}`, authorId: author.id });
}
sent.length = 0;
const names = await authors();
console.log(JSON.stringify({ selects: sent.filter((query) => /: SELECT/.test(query)).length, authors: names }));
process.exit(0);
