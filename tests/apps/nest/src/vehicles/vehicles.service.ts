import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import type { CreateVehicle, UpdateVehicle } from './vehicle.dto';
import { Vehicle } from './vehicle.entity';

@Injectable()
export class VehiclesService {
  constructor(@InjectRepository(Vehicle) private readonly vehicles: Repository<Vehicle>) {}

  list(page: number) {
    return this.vehicles.find({ order: { plate: 'ASC' }, take: 50, skip: (page - 1) * 50 });
  }

  idle() {
    return this.vehicles.find({ where: { driverId: IsNull() }, take: 50 });
  }

  async show(id: number) {
    const vehicle = await this.vehicles.findOne({ where: { id }, relations: { driver: true } });
    if (!vehicle) throw new NotFoundException();
    return vehicle;
  }

  create(input: CreateVehicle) {
    return this.vehicles.save(this.vehicles.create(input));
  }

  async update(id: number, input: UpdateVehicle) {
    await this.vehicles.update(id, input);
  }

  async remove(id: number) {
    await this.vehicles.delete(id);
  }
}
