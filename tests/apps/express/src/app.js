const express = require('express');
const helmet = require('helmet');
const pinoHttp = require('pino-http');
const { API_PREFIX, ADMIN_PREFIX } = require('./constants');
const { admin } = require('./admin');
const api = require('./routes');
const { makeHealthRouter } = require('./health');
const legacy = require('./legacy');
const logger = require('./logger');
const { requestId } = require('./middleware/request-id');
const { notFound, errorHandler } = require('./middleware/errors');

exports.createApp = function createApp() {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  app.use(requestId);
  app.use(pinoHttp({ logger, genReqId: (req) => req.id }));
  app.use(express.json({ limit: '200kb' }));
  app.use('/health', makeHealthRouter({ startedAt: Date.now() }));
  app.use(API_PREFIX, api);
  app.use(ADMIN_PREFIX, admin);
  legacy.register(app);
  app.use(notFound);
  app.use(errorHandler);
  return app;
};
