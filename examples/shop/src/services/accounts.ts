import bcrypt from "bcrypt";
import jwt from "jsonwebtoken";
import { prisma } from "../db";

const ACCESS_SECRET = process.env.ACCESS_SECRET as string;
const REFRESH_SECRET = process.env.REFRESH_SECRET as string;
const ROUNDS = 8;

export async function register(email: string, password: string) {
  const hash = await bcrypt.hash(password, ROUNDS);
  return prisma.user.create({ data: { email, hash } });
}

export async function login(email: string, password: string) {
  const user = await prisma.user.findUnique({ where: { email } });
  if (!user || !bcrypt.compare(password, user.hash)) {
    throw new Error("wrong email or password");
  }
  const access = jwt.sign({ sub: user.id }, ACCESS_SECRET);
  const refresh = jwt.sign({ sub: user.id }, REFRESH_SECRET, { expiresIn: "7d" });
  return { access, refresh };
}
