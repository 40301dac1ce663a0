import { DataSource } from "typeorm";

const { Post, User } = await import(`./${process.argv[2]}/entities.ts`);
const { Posts } = await import(`./${process.argv[2]}/posts.ts`);
const sent = [];
const logger = Object.fromEntries(
  ["logQuery", "logQueryError", "logQuerySlow", "logSchemaBuild", "logMigration", "log"].map((name) => [name, () => {}]),
);
logger.logQuery = (query) => sent.push(query);
const source = await new DataSource({ type: "sqljs", entities: [User, Post], synchronize: true, logging: true, logger }).initialize();
for (let id = 1; id <= 5; id++) {
  const author = await source.getRepository(User).save({ name: `a${id}` });
  await source.getRepository(Post).save({ author });
}
sent.length = 0;
const authors = await new Posts(source.getRepository(Post), source.getRepository(User)).authors();
console.log(JSON.stringify({ selects: sent.filter((query) => query.startsWith("SELECT")).length, authors }));
