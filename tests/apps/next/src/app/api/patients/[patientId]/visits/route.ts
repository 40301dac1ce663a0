export { createVisit as POST, listVisits as GET } from '@/server/visits';

export const runtime = 'nodejs';
