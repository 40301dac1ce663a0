const { Post, sequelize } = require('./models');

async function publish(title) {
  await sequelize.transaction(async (transaction) => {
    await Post.create({ title });
  });
}

module.exports = { publish };
