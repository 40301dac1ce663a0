const feed = require('./feed');

// Paths that old clients still ask for.
exports.register = function register(app) {
  app.get('/catalog.json', feed.catalog);
  app.all('/soap', (req, res) => {
    res.status(410).end();
  });
};
