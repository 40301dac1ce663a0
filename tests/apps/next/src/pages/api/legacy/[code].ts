import type { NextApiHandler } from 'next';
import { prisma } from '@/lib/prisma';

const show: NextApiHandler = async (req, res) => {
  const doctor = await prisma.doctor.findFirst({ where: { code: String(req.query.code) } });
  if (!doctor) return res.status(404).json({ error: { code: 'NO_DOCTOR' } });
  res.json({ data: doctor });
};

export default show;
