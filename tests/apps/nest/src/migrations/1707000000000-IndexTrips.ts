import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

export class IndexTrips1707000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createIndex('trip', new TableIndex({ name: 'trip_vehicle', columnNames: ['vehicleId'] }));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('trip', 'trip_vehicle');
  }
}
