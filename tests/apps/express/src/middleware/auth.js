const jwt = require('jsonwebtoken');

const SECRET = process.env.JWT_SECRET;

exports.requireUser = function requireUser(req, res, next) {
  const header = req.get('authorization') || '';
  try {
    req.user = jwt.verify(header.replace(/^Bearer /, ''), SECRET, { algorithms: ['HS256'] });
    next();
  } catch {
    res.status(401).json({ error: { code: 'UNAUTHENTICATED' } });
  }
};

exports.requireRole = (role) => (req, res, next) => {
  if (req.user.role !== role) return res.status(403).json({ error: { code: 'FORBIDDEN' } });
  next();
};

exports.issueToken = (user) => jwt.sign({ sub: user.id, role: user.role }, SECRET, { expiresIn: '15m' });
