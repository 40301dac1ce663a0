import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Begin1706000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "drivers" ("id" SERIAL PRIMARY KEY, "name" text NOT NULL, "licensed_until" date)`);
    await queryRunner.query(`CREATE TABLE "vehicles" ("id" SERIAL PRIMARY KEY, "plate" varchar(12) UNIQUE, "driver_id" int)`);
    await queryRunner.query(`CREATE INDEX "vehicles_driver" ON "vehicles" ("driver_id")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "vehicles"`);
    await queryRunner.query(`DROP TABLE "drivers"`);
  }
}
