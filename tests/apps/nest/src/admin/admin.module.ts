import { Module } from '@nestjs/common';
import { AdminController } from './admin.controller';
import { VehiclesModule } from '../vehicles/vehicles.module';

@Module({ imports: [VehiclesModule], controllers: [AdminController] })
export class AdminModule {}
