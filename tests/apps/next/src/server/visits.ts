import { NextResponse } from 'next/server';
import { prisma } from '@/lib/prisma';
import { visitSchema } from '@/lib/schemas';

type Context = { params: Promise<{ patientId: string }> };

export async function listVisits(_request: Request, { params }: Context) {
  const { patientId } = await params;
  return NextResponse.json({ data: await prisma.visit.findMany({ where: { patientId }, take: 50 }) });
}

export async function createVisit(request: Request, { params }: Context) {
  const parsed = visitSchema.safeParse(await request.json());
  if (!parsed.success) return NextResponse.json({ error: { code: 'INVALID' } }, { status: 400 });
  const { patientId } = await params;
  const visit = await prisma.$transaction(async (tx) => {
    const made = await tx.visit.create({ data: { ...parsed.data, patientId } });
    await tx.patient.update({ where: { id: patientId }, data: { lastVisitAt: made.at } });
    return made;
  });
  return NextResponse.json({ data: visit }, { status: 201 });
}
