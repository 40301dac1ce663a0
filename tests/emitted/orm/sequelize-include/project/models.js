const { DataTypes, Sequelize } = require('sequelize');

const sent = [];
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: (query) => sent.push(query), pool: { max: 1 } });

const User = sequelize.define('User', { name: DataTypes.STRING }, { timestamps: false });
const Post = sequelize.define('Post', { title: DataTypes.STRING }, { timestamps: false });

Post.belongsTo(User, { as: 'author', foreignKey: 'authorId' });

module.exports = { Post, User, sent, sequelize };
