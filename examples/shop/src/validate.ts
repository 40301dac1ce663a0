import type { NextFunction, Request, Response } from "express";
import type { ZodSchema } from "zod";

export const validateQuery = (schema: ZodSchema) => (req: Request, res: Response, next: NextFunction) => {
  req.query = schema.parse(req.query);
  next();
};
