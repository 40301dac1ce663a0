const express = require('express');
const orders = require('../controllers/orders');
const { asyncHandler } = require('../utils/async-handler');
const { validate } = require('../middleware/validate');
const { orderSchema } = require('../schemas');

const router = express.Router();

router.use(express.urlencoded({ extended: false }));
router.get('/', asyncHandler(orders.list));
router.post('/', validate(orderSchema), asyncHandler(orders.place));
router.post('/:orderId/cancel', asyncHandler(orders.cancel));

module.exports = router;
