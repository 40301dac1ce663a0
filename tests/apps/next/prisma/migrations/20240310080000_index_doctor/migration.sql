CREATE INDEX "patients_doctor_id_idx" ON "patients"("doctor_id");
