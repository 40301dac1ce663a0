const express = require('express');
const { NotFound } = require('./errors');

const app = express();

app.get('/failed', async (req, res) => {
  throw new Error('password of db is hunter2');
});

app.get('/refused', async (req, res) => {
  throw new NotFound('no such order');
});

module.exports = app;
