import jwt from "jsonwebtoken";

export const accessToken = (userId: number, key: string) => jwt.sign({ sub: String(userId) }, key, { expiresIn: "60d" });
