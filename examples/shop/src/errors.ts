import type { NextFunction, Request, Response } from "express";

export function errorHandler(err: Error, req: Request, res: Response, next: NextFunction) {
  res.status(500).json({ error: { code: "INTERNAL_ERROR", message: "Internal server error" } });
}
