import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Trip } from './trip.entity';

@Injectable()
export class TripsRepository {
  constructor(@InjectRepository(Trip) private readonly trips: Repository<Trip>) {}

  ofVehicle(vehicleId: number) {
    return this.trips
      .createQueryBuilder('trip')
      .where('trip.vehicle_id = :vehicleId', { vehicleId })
      .orderBy('trip.started_at', 'DESC')
      .take(50)
      .getMany();
  }

  end(id: number) {
    return this.trips.update({ id }, { endedAt: () => 'now()' });
  }
}
