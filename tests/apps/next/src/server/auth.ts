import { compare } from 'bcryptjs';
import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { prisma } from '@/lib/prisma';

export const authOptions: NextAuthOptions = {
  session: { strategy: 'jwt', maxAge: 8 * 60 * 60 },
  providers: [
    Credentials({
      credentials: { code: {}, password: {} },
      async authorize(credentials) {
        const doctor = await prisma.doctor.findUnique({ where: { code: credentials?.code ?? '' } });
        if (!doctor || !(await compare(credentials?.password ?? '', doctor.passwordHash))) return null;
        return { id: doctor.id, name: doctor.name };
      },
    }),
  ],
};
