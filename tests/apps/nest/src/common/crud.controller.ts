import { Get, Param, ParseIntPipe } from '@nestjs/common';

export interface Reader<T> {
  all(): Promise<T[]>;
  one(id: number): Promise<T | null>;
}

// What every list of the fleet has; Nest takes the routes of a base class too.
export abstract class ReadController<T> {
  protected abstract readonly reader: Reader<T>;

  @Get()
  all() {
    return this.reader.all();
  }

  @Get(':id')
  one(@Param('id', ParseIntPipe) id: number) {
    return this.reader.one(id);
  }
}
