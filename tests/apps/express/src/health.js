const { Router } = require('express');

/** Made once an application, so that it knows when that began. */
function makeHealthRouter({ startedAt }) {
  const router = Router();
  router.get('/live', (req, res) => res.json({ up: Date.now() - startedAt }));
  router.get('/ready', async (req, res) => {
    res.sendStatus(204);
  });
  return router;
}

module.exports = { makeHealthRouter };
