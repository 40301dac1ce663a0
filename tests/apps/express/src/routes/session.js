const { Router } = require('express');
const { issueToken } = require('../middleware/auth');
const { validate } = require('../middleware/validate');
const { loginSchema } = require('../schemas');
const { User } = require('../models');

const session = Router();

session.post('/session', validate(loginSchema), async (req, res) => {
  const user = await User.findOne({ where: { email: req.body.email } });
  if (!user || !(await user.checkPassword(req.body.password))) {
    return res.status(401).json({ error: { code: 'BAD_CREDENTIALS' } });
  }
  res.json({ data: { token: issueToken(user) } });
});
session.delete('/session', (req, res) => {
  res.clearCookie('sid', { httpOnly: true, sameSite: 'lax', secure: true }).status(204).end();
});

module.exports = session;
