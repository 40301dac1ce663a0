import { z } from 'zod';

export const patientSchema = z.object({ name: z.string().min(1), born: z.coerce.date(), doctorId: z.string().uuid() });
export const visitSchema = z.object({ at: z.coerce.date(), reason: z.string().max(500) });
