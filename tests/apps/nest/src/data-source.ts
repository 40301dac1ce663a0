import { DataSource, type DataSourceOptions } from 'typeorm';
import { Driver } from './drivers/driver.entity';
import { Trip } from './trips/trip.entity';
import { Vehicle } from './vehicles/vehicle.entity';

export const options: DataSourceOptions = {
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [Vehicle, Driver, Trip],
  migrations: [`${__dirname}/migrations/*.js`],
};

export default new DataSource(options);
