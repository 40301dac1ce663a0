import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Driver } from './driver.entity';

@Injectable()
export class DriversService {
  constructor(private readonly dataSource: DataSource) {}

  all() {
    return this.dataSource.getRepository(Driver).find({ take: 100 });
  }

  one(id: number) {
    return this.dataSource.getRepository(Driver).findOneBy({ id });
  }

  renew(id: number, until: string) {
    return this.dataSource.transaction(async (manager) => {
      await manager.update(Driver, { id }, { licensedUntil: until });
      return manager.findOneByOrFail(Driver, { id });
    });
  }
}
