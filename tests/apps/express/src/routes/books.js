const { Router } = require('express');
const controller = require('../controllers/books');
const { requireUser, requireRole } = require('../middleware/auth');
const { validate } = require('../middleware/validate');
const { bookSchema, bookPatchSchema } = require('../schemas');
const reviews = require('./reviews');

const router = Router();
const editors = [requireUser, requireRole('editor')];

router.route('/').get(controller.list).post(editors, validate(bookSchema), controller.create);
router.get('/search', controller.search);
router
  .route('/:bookId')
  .get(controller.show)
  .patch(editors, validate(bookPatchSchema), controller.update)
  .delete(editors, controller.remove);
router.use('/:bookId/reviews', reviews);

module.exports = router;
