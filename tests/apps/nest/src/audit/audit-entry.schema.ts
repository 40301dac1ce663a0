import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'audit_entries' })
export class AuditEntry {
  @Prop({ required: true, index: true })
  subject!: string;

  @Prop()
  what!: string;

  @Prop({ default: Date.now })
  at!: Date;
}

export const AuditEntrySchema = SchemaFactory.createForClass(AuditEntry);
