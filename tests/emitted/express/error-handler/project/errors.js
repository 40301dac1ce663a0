class NotFound extends Error {
  status = 404;
}

module.exports = { NotFound };
