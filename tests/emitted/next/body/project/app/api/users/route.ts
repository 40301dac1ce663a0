import { prisma } from "../../../db.js";

export async function POST(request: Request) {
  const { name } = await request.json();
  const user = await prisma.user.create({ data: { name } });
  return Response.json({ id: user.id });
}
