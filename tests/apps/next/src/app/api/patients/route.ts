import { NextResponse } from 'next/server';
import { patientSchema } from '@/lib/schemas';
import { prisma } from '@/lib/prisma';
import { withSession } from '@/lib/with-session';

const PAGE = 25;

export const GET = withSession(async (request) => {
  const page = Number(new URL(request.url).searchParams.get('page') ?? 1);
  const patients = await prisma.patient.findMany({ orderBy: { name: 'asc' }, take: PAGE, skip: (page - 1) * PAGE });
  return NextResponse.json({ data: patients });
});

export const POST = withSession(async (request) => {
  const parsed = patientSchema.safeParse(await request.json());
  if (!parsed.success) return NextResponse.json({ error: { code: 'INVALID' } }, { status: 400 });
  return NextResponse.json({ data: await prisma.patient.create({ data: parsed.data }) }, { status: 201 });
});
