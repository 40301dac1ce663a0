import { prisma } from '@/lib/prisma';

export default async function PatientsPage() {
  const patients = await prisma.patient.findMany({ take: 25 });
  return (
    <ul>
      {patients.map((patient) => (
        <li key={patient.id}>{patient.name}</li>
      ))}
    </ul>
  );
}
