import { Controller, Get, Version } from '@nestjs/common';
import { VehiclesService } from './vehicles.service';

@Controller({ path: 'vehicles', version: '2' })
export class VehiclesV2Controller {
  constructor(private readonly vehicles: VehiclesService) {}

  @Get()
  list() {
    return this.vehicles.list(1);
  }

  @Version('3')
  @Get('map')
  map() {
    return this.vehicles.idle();
  }
}
