const { DataTypes, Model } = require('sequelize');

class Order extends Model {}
class OrderLine extends Model {}

module.exports = (sequelize) => {
  Order.init({ state: DataTypes.STRING, placedAt: DataTypes.DATE }, { sequelize, tableName: 'orders', indexes: [{ fields: ['userId', 'placedAt'] }] });
  OrderLine.init(
    { amount: DataTypes.INTEGER, bookId: { type: DataTypes.INTEGER, references: { model: 'books', key: 'id' } } },
    { sequelize, tableName: 'order_lines', indexes: [{ unique: true, fields: ['orderId', 'bookId'] }, { fields: ['bookId'] }] },
  );
  return { Order, OrderLine };
};
