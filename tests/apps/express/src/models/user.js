const { createHash, timingSafeEqual } = require('node:crypto');

module.exports = (sequelize, DataTypes) => {
  const User = sequelize.define('User', {
    email: { type: DataTypes.STRING, unique: true },
    role: DataTypes.ENUM('reader', 'editor', 'admin'),
    passwordDigest: DataTypes.BLOB,
  }, { tableName: 'users' });
  User.prototype.checkPassword = async function checkPassword(password) {
    return timingSafeEqual(createHash('sha512').update(password).digest(), this.passwordDigest);
  };
  return User;
};
