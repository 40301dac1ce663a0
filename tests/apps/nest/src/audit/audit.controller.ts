import { Controller, Get, Param } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { AuditEntry } from './audit-entry.schema';

@Controller('entries')
export class AuditController {
  constructor(@InjectModel(AuditEntry.name) private readonly entries: Model<AuditEntry>) {}

  @Get(':subject')
  list(@Param('subject') subject: string) {
    return this.entries.find({ subject }).sort({ at: -1 }).limit(100).lean();
  }
}
