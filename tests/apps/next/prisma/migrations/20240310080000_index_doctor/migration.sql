CREATE INDEX CONCURRENTLY "patients_doctor_id_idx" ON "patients"("doctor_id");
