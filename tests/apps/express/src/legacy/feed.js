const { Book } = require('../models');

exports.catalog = async (req, res) => {
  const books = await Book.findAll({ attributes: ['id', 'title'], limit: 500 });
  res.json(books);
};
