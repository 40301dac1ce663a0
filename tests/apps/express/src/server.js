const { createApp } = require('./app');
const { sequelize } = require('./models');
const logger = require('./logger');

const port = Number(process.env.PORT || 3000);

sequelize.authenticate().then(() => {
  createApp().listen(port, () => logger.info({ port }, 'listening'));
});
