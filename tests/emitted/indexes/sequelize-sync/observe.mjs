import { indexes } from "./lib/indexes.mjs";
import { postgres } from "./lib/postgres.mjs";

process.env.DATABASE_URL = await postgres();
const { sequelize } = (await import(`./${process.argv[2]}/models.js`)).default;
await sequelize.sync();
console.log(JSON.stringify(await indexes(process.env.DATABASE_URL, "Posts")));
process.exit(0);
