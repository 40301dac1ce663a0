'use strict';
const { Model } = require('sequelize');

module.exports = (sequelize, DataTypes) => {
  class Book extends Model {
    get slug() {
      return this.title.toLowerCase().replace(/\s+/g, '-');
    }
  }
  Book.init(
    {
      title: { type: DataTypes.STRING, allowNull: false },
      isbn: { type: DataTypes.STRING(13), unique: true },
      shelf: DataTypes.STRING,
      authorId: { type: DataTypes.INTEGER, references: { model: 'authors', key: 'id' } },
    },
    { sequelize, modelName: 'Book', tableName: 'books', indexes: [{ fields: ['shelf', 'title'] }] },
  );
  return Book;
};
