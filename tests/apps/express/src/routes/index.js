const express = require('express');
const { requireUser } = require('../middleware/auth');
const books = require('./books');
const authors = require('./authors').default;
const orders = require('./orders');
const { shelves } = require('./shelves');

const api = express.Router();

const sections = [
  { path: '/books', route: books },
  { path: '/authors', route: authors },
];

sections.forEach((section) => {
  api.use(section.path, section.route);
});
api.use(require('./session'));
api.use('/orders', requireUser, orders);
api.use('/shelves', shelves);

module.exports = api;
