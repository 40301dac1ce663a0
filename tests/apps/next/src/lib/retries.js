export const withRetries = (handler) => async (req, res) => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      return await handler(req, res);
    } catch (error) {
      if (attempt === 2) throw error;
    }
  }
};
