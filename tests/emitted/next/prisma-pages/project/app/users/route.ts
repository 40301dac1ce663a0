import { NextResponse } from "next/server";
import { prisma } from "../../db.js";

export async function GET(request: Request) {
  return NextResponse.json(await prisma.user.findMany());
}
