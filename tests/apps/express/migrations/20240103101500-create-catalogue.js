'use strict';

/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('authors', {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      name: { type: Sequelize.STRING, allowNull: false },
      born: Sequelize.DATEONLY,
    });
    await queryInterface.createTable('books', {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      title: Sequelize.STRING,
      isbn: { type: Sequelize.STRING(13), unique: true },
      shelf: Sequelize.STRING,
      authorId: { type: Sequelize.INTEGER, references: { model: 'authors', key: 'id' } },
    });
  },
  async down(queryInterface) {
    await queryInterface.dropTable('books');
    await queryInterface.dropTable('authors');
  },
};
