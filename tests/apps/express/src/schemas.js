const { z } = require('zod');

const bookSchema = z.object({ title: z.string().min(1), isbn: z.string(), authorId: z.number().int() });

module.exports = {
  authorSchema: z.object({ name: z.string().min(1).max(120) }),
  bookSchema,
  bookPatchSchema: bookSchema.partial(),
  reviewSchema: z.object({ stars: z.number().int().min(1).max(5), text: z.string().max(2000) }),
  orderSchema: z.object({ lines: z.array(z.object({ bookId: z.number(), amount: z.number().int().positive() })) }),
  loginSchema: z.object({ email: z.string().email(), password: z.string() }),
};
