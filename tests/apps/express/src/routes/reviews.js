const router = require('express').Router({ mergeParams: true });
const { requireUser } = require('../middleware/auth');
const { validate } = require('../middleware/validate');
const { reviewSchema } = require('../schemas');
const { Review, User } = require('../models');
const { PAGE_SIZE } = require('../constants');

router.get('/', async (req, res) => {
  const reviews = await Review.findAll({
    where: { bookId: req.params.bookId },
    include: [{ model: User, as: 'author' }],
    limit: PAGE_SIZE,
  });
  res.json({ data: reviews });
});

router.post('/', requireUser, validate(reviewSchema), async (req, res) => {
  const review = await Review.create({ ...req.body, bookId: req.params.bookId, userId: req.user.sub });
  res.status(201).json({ data: review });
});

module.exports = router;
