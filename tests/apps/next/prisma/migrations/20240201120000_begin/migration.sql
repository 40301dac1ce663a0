CREATE TYPE "Kind" AS ENUM ('ROUTINE', 'EMERGENCY');

CREATE TABLE "doctors" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,

    CONSTRAINT "doctors_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "patients" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "born" TIMESTAMP(3) NOT NULL,
    "doctor_id" TEXT NOT NULL,
    "lastVisitAt" TIMESTAMP(3),

    CONSTRAINT "patients_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "doctors_code_key" ON "doctors"("code");
CREATE INDEX "patients_name_born_idx" ON "patients"("name", "born");
