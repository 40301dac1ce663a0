import { Post, User } from "./models.js";

export async function authors() {
  const posts = await Post.find().limit(20);
  const names = [];
  for (const post of posts) {
    const author = await User.findById(post.author);
    names.push(author.name);
  }
  return names;
}
