function notFound(req, res) {
  res.status(404).json({ error: { code: 'NOT_FOUND' } });
}

// Four parameters: that is how Express knows it.
function errorHandler(err, req, res, next) {
  if (res.headersSent) return next(err);
  req.log.error({ err }, 'request failed');
  res.status(err.status || 500).json({ error: { code: err.code || 'INTERNAL' } });
}

module.exports = { notFound, errorHandler };
