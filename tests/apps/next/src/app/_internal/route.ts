// A private folder: Next.js does not serve it.
export async function GET() {
  return new Response('never');
}
