import { prisma } from '@/lib/prisma';

export async function monthlyTotals(year: number) {
  return prisma.$queryRaw`SELECT date_trunc('month', at) AS month, count(*) FROM visits WHERE extract(year FROM at) = ${year} GROUP BY 1`;
}
