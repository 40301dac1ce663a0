exports.validate = (schema) => (req, res, next) => {
  const result = schema.safeParse(req.body);
  if (!result.success) return res.status(400).json({ error: { code: 'INVALID', issues: result.error.issues } });
  req.body = result.data;
  next();
};
