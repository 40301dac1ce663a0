import { getServerSession } from 'next-auth';
import { NextResponse } from 'next/server';
import { authOptions } from '@/server/auth';

type Handler = (request: Request) => Promise<Response>;

export function withSession(handler: Handler): Handler {
  return async (request) => {
    if (!(await getServerSession(authOptions))) {
      return NextResponse.json({ error: { code: 'UNAUTHENTICATED' } }, { status: 401 });
    }
    return handler(request);
  };
}
