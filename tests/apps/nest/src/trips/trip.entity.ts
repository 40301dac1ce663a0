import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Vehicle } from '../vehicles/vehicle.entity';

@Entity()
export class Trip {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Vehicle)
  vehicle!: Vehicle;

  @CreateDateColumn({ name: 'started_at' })
  startedAt!: Date;

  @Column({ name: 'ended_at', nullable: true })
  endedAt!: Date;
}
