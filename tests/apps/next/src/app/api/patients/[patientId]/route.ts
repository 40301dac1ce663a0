import { NextResponse } from 'next/server';
import { prisma } from '@/lib/prisma';

type Context = { params: Promise<{ patientId: string }> };

export async function GET(_request: Request, { params }: Context) {
  const { patientId } = await params;
  const patient = await prisma.patient.findUnique({ where: { id: patientId }, include: { visits: true } });
  if (!patient) return NextResponse.json({ error: { code: 'NO_PATIENT' } }, { status: 404 });
  return NextResponse.json({ data: patient });
}

export async function DELETE(_request: Request, { params }: Context) {
  await prisma.patient.delete({ where: { id: (await params).patientId } });
  return new Response(null, { status: 204 });
}
