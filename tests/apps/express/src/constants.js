const VERSION = 'v1';

module.exports = {
  VERSION,
  API_PREFIX: `/api/${VERSION}`,
  ADMIN_PREFIX: '/admin',
  PAGE_SIZE: 20,
};
