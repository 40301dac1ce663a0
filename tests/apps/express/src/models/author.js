module.exports = (sequelize, DataTypes) =>
  sequelize.define(
    'Author',
    { name: { type: DataTypes.STRING, allowNull: false }, born: DataTypes.DATEONLY },
    { tableName: 'authors', underscored: true },
  );
