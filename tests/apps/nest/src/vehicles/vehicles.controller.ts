import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { RolesGuard } from './roles.guard';
import { CreateVehicle, UpdateVehicle } from './vehicle.dto';
import { VehiclesService } from './vehicles.service';

@Controller('vehicles')
export class VehiclesController {
  constructor(private readonly vehicles: VehiclesService) {}

  @Get()
  list(@Query('page', ParseIntPipe) page: number) {
    return this.vehicles.list(page);
  }

  @Get('idle')
  idle() {
    return this.vehicles.idle();
  }

  @Get(':id')
  show(@Param('id', ParseIntPipe) id: number) {
    return this.vehicles.show(id);
  }

  @Post()
  @UseGuards(RolesGuard)
  create(@Body() input: CreateVehicle) {
    return this.vehicles.create(input);
  }

  @Patch(':id')
  @UseGuards(RolesGuard)
  update(@Param('id', ParseIntPipe) id: number, @Body() input: UpdateVehicle) {
    return this.vehicles.update(id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', ParseIntPipe) id: number) {
    return this.vehicles.remove(id);
  }
}
