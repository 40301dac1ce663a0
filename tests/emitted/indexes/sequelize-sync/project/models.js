const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, pool: { max: 1 } });

const User = sequelize.define('User', { name: DataTypes.STRING });
const Post = sequelize.define('Post', {
  title: DataTypes.STRING,
  authorId: { type: DataTypes.INTEGER, references: { model: 'Users', key: 'id' } },
});
Post.belongsTo(User, { as: 'editor', foreignKey: 'editorId' });

module.exports = { Post, User, sequelize };
