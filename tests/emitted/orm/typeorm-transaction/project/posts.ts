import type { DataSource } from "typeorm";
import { Post, User } from "./entities";

export function publish(dataSource: DataSource, name: string) {
  return dataSource.transaction(async (manager) => {
    const author = await manager.save(User, { name });
    await dataSource.manager.save(Post, { authorId: author.id });
  });
}
