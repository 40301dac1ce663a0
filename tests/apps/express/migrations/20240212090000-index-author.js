'use strict';

module.exports = {
  up: (queryInterface) => queryInterface.addIndex('books', ['authorId'], { name: 'books_author', concurrently: true }),
  down: (queryInterface) => queryInterface.removeIndex('books', 'books_author'),
};
