import type { MessageOf, ServiceName } from '@arena/contracts';
import { receive } from '@arena/outbox';
import { DATABASE, SERVICE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { recordAuditMessage } from '../store/audit.js';
import type { TaskDatabase } from '../store/database.js';
import { markUsed } from '../store/keys.js';

@Controller()
export class MessageHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
  ) {}

  @EventPattern('audit.record.v1')
  async recordAudit(@Payload() message: MessageOf<'audit.record.v1'>): Promise<void> {
    await receive(this.database, { message, subscriber: this.subscriber }, tx =>
      recordAuditMessage(tx, message.payload),
    );
  }

  @EventPattern('key.used.v1')
  async markUsed(@Payload() message: MessageOf<'key.used.v1'>): Promise<void> {
    await receive(this.database, { message, subscriber: this.subscriber }, tx => markUsed(tx, message.payload.uses));
  }
}
