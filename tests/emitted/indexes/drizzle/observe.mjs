import { getTableConfig } from "drizzle-orm/pg-core";

const { posts } = await import(`./${process.argv[2]}/schema.ts`);
const { indexes } = getTableConfig(posts);
console.log(JSON.stringify(indexes.map(({ config }) => ({ name: config.name, columns: config.columns.map(({ name }) => name) }))));
