const { Order, OrderLine, sequelize } = require('../models');
const { PAGE_SIZE } = require('../constants');

async function list(req, res) {
  const orders = await Order.findAll({ where: { userId: req.user.sub }, include: ['lines'], limit: PAGE_SIZE });
  res.json({ data: orders });
}

async function place(req, res) {
  const order = await sequelize.transaction(async (transaction) => {
    const made = await Order.create({ userId: req.user.sub, state: 'placed' }, { transaction });
    const lines = req.body.lines.map((line) => ({ ...line, orderId: made.id }));
    await OrderLine.bulkCreate(lines, { transaction });
    return made;
  });
  res.status(201).json({ data: order });
}

async function cancel(req, res) {
  await Order.update({ state: 'cancelled' }, { where: { id: req.params.orderId, userId: req.user.sub } });
  res.status(204).end();
}

module.exports = { list, place, cancel };
