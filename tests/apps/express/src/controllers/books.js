const { Op } = require('sequelize');
const { Book, Author } = require('../models');
const { PAGE_SIZE } = require('../constants');

exports.list = async function list(req, res) {
  const page = Number(req.query.page || 1);
  const { rows, count } = await Book.findAndCountAll({
    include: [Author],
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  });
  res.json({ data: rows, total: count });
};

exports.search = async (req, res) => {
  const found = await Book.findAll({ where: { title: { [Op.iLike]: `%${req.query.q}%` } }, limit: PAGE_SIZE });
  res.json({ data: found });
};

exports.show = async (req, res) => {
  const book = await Book.findByPk(req.params.bookId, { include: [Author] });
  if (!book) return res.status(404).json({ error: { code: 'NO_BOOK' } });
  res.json({ data: book });
};

exports.create = async (req, res) => {
  res.status(201).json({ data: await Book.create(req.body) });
};

exports.update = async (req, res) => {
  await Book.update(req.body, { where: { id: req.params.bookId } });
  res.status(204).end();
};

exports.remove = async (req, res) => {
  await Book.destroy({ where: { id: req.params.bookId } });
  res.status(204).end();
};
