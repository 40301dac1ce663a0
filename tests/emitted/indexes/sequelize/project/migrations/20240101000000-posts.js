module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('users', { id: { type: Sequelize.INTEGER, primaryKey: true } });
    await queryInterface.createTable('posts', {
      id: { type: Sequelize.INTEGER, primaryKey: true },
      title: Sequelize.STRING,
      author_id: { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' } },
      editorId: { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' } },
    });
  },

  async down(queryInterface) {
    await queryInterface.dropTable('posts');
    await queryInterface.dropTable('users');
  },
};
