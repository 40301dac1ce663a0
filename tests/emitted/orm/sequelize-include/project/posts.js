const { Post, User } = require('./models');

async function authors() {
  const posts = await Post.findAll({ order: [['id', 'ASC']] });
  const names = [];
  for (const post of posts) {
    const author = await User.findByPk(post.authorId);
    names.push(author.name);
  }
  return names;
}

module.exports = { authors };
