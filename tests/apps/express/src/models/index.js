const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });

const Author = require('./author')(sequelize, DataTypes);
const Book = require('./book')(sequelize, DataTypes);
const User = require('./user')(sequelize, DataTypes);
const { Order, OrderLine } = require('./order')(sequelize);
const Review = sequelize.define('Review', {
  stars: { type: DataTypes.INTEGER, allowNull: false },
  text: DataTypes.TEXT,
}, {
  indexes: [{ fields: ['bookId', 'stars'] }, { fields: ['userId'] }],
});

Author.hasMany(Book, { foreignKey: 'authorId' });
Book.belongsTo(Author, { foreignKey: 'authorId' });
Book.hasMany(Review, { foreignKey: 'bookId' });
Review.belongsTo(Book, { foreignKey: 'bookId' });
Review.belongsTo(User, { as: 'author', foreignKey: 'userId' });
Order.belongsTo(User, { foreignKey: 'userId' });
Order.hasMany(OrderLine, { as: 'lines', foreignKey: 'orderId' });
OrderLine.belongsTo(Order, { foreignKey: 'orderId' });

module.exports = { sequelize, Author, Book, User, Order, OrderLine, Review };
