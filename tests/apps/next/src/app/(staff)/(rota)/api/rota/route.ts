import { NextResponse } from 'next/server';

async function PUT(request: Request) {
  return NextResponse.json({ data: await request.json() });
}

export { PUT };
