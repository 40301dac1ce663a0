import { readStored } from '@/server/files';

export async function GET(request, { params }) {
  const { path } = await params;
  return new Response(await readStored(path.join('/')));
}

export async function HEAD() {
  return new Response(null);
}
