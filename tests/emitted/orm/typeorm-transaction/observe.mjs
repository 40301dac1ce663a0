// One connection holds everything in sql.js: which manager writes is looked at in place of what is taken back.
import { DataSource, EntityManager } from "typeorm";

const { Post, User } = await import(`./${process.argv[2]}/entities.ts`);
const { publish } = await import(`./${process.argv[2]}/posts.ts`);
const source = await new DataSource({ type: "sqljs", entities: [User, Post], synchronize: true }).initialize();
const save = EntityManager.prototype.save;
let within = null;
EntityManager.prototype.save = function (target, ...rest) {
  if (target === Post) within = this !== source.manager && this.queryRunner.isTransactionActive;
  return save.call(this, target, ...rest);
};
await publish(source, "ada");
console.log(JSON.stringify({ within }));
