import { NextResponse } from 'next/server';
import { monthlyTotals } from '@/server/reports';

export async function GET(_request: Request, context: { params: Promise<{ year: string }> }) {
  const { year } = await context.params;
  return NextResponse.json({ data: await monthlyTotals(Number(year)) });
}
