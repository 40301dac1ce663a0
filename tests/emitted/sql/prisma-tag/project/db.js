export { prisma } from "../lib/prisma.mjs";
