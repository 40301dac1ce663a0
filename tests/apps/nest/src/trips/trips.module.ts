import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Trip } from './trip.entity';
import { TripsController } from './trips.controller';
import { TripsRepository } from './trips.repository';

@Module({ imports: [TypeOrmModule.forFeature([Trip])], controllers: [TripsController], providers: [TripsRepository] })
export class TripsModule {}
