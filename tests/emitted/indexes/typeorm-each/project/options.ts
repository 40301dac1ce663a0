import type { DataSourceOptions } from "typeorm";

export const options: DataSourceOptions = {
  type: "postgres",
  url: process.env.DATABASE_URL,
  migrationsTransactionMode: "each",
};
