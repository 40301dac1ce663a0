import { Controller, Post, Param, Body } from '@nestjs/common';
import { ReadController } from '@common/crud.controller';
import type { Driver } from './driver.entity';
import { DriversService } from './drivers.service';

const PATH = 'drivers';

@Controller(PATH)
export class DriversController extends ReadController<Driver> {
  constructor(protected readonly reader: DriversService) {
    super();
  }

  @Post([':id/licence', ':id/license'])
  renew(@Param('id') id: string, @Body('until') until: string) {
    return this.reader.renew(Number(id), until);
  }
}
