import { type NextRequest, NextResponse } from 'next/server';

export function middleware(request: NextRequest) {
  const id = request.headers.get('x-request-id') ?? crypto.randomUUID();
  const response = NextResponse.next({ request: { headers: new Headers({ 'x-request-id': id }) } });
  response.headers.set('x-request-id', id);
  return response;
}

export const config = { matcher: ['/api/:path*'] };
