import { NextResponse } from 'next/server';
import { prisma } from '@/lib/prisma';

export const GET = async (_request: Request, { params }: { params: Promise<{ terms?: string[] }> }) => {
  const terms = (await params).terms ?? [];
  const found = await prisma.patient.findMany({ where: { name: { contains: terms.join(' ') } }, take: 10 });
  return NextResponse.json({ data: found });
};
