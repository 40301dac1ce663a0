import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Driver } from '../drivers/driver.entity';

@Entity('vehicles')
@Index(['seats', 'plate'])
export class Vehicle {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ unique: true, length: 12 })
  plate!: string;

  @Column('int')
  seats!: number;

  @Column({ name: 'driver_id', type: 'int', nullable: true })
  driverId!: number | null;

  @ManyToOne(() => Driver, (driver) => driver.vehicles, { nullable: true })
  @JoinColumn({ name: 'driver_id' })
  driver!: Driver | null;
}
