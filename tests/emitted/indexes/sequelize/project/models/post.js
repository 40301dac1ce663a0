const { DataTypes, Model } = require('sequelize');

module.exports = (sequelize) => {
  class Post extends Model {
    static associate(models) {
      Post.belongsTo(models.User, { as: 'editor', foreignKey: 'editorId' });
    }
  }
  Post.init(
    {
      title: DataTypes.STRING,
      authorId: { type: DataTypes.INTEGER, field: 'author_id', references: { model: 'users', key: 'id' } },
    },
    { sequelize, tableName: 'posts' },
  );
  return Post;
};
