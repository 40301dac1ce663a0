import { All, Controller, Get, Put, Param } from '@nestjs/common';
import { TripsRepository } from './trips.repository';

@Controller('vehicles/:vehicleId/trips')
export class TripsController {
  constructor(private readonly trips: TripsRepository) {}

  @Get()
  list(@Param('vehicleId') vehicleId: string) {
    return this.trips.ofVehicle(Number(vehicleId));
  }

  @Put('/:tripId/end')
  end(@Param('tripId') tripId: string) {
    return this.trips.end(Number(tripId));
  }

  @All('ping')
  ping() {
    return 'pong';
  }
}
