import type { Repository } from "typeorm";
import type { Post, User } from "./entities";

export class Posts {
  constructor(
    private readonly posts: Repository<Post>,
    private readonly users: Repository<User>,
  ) {}

  async authors() {
    const posts = await this.posts.find();
    const names: string[] = [];
    for (const post of posts) {
      const author = await this.users.findOneBy({ id: post.authorId });
      names.push(author.name);
    }
    return names;
  }
}
