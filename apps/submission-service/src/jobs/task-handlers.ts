import type { MessageOf, ServiceName } from '@arena/contracts';
import { receive } from '@arena/outbox';
import { DATABASE, SERVICE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { SubmissionDatabase } from '../store/database.js';
import { rememberDataset, rememberTask } from '../store/known-tasks.js';

@Controller()
export class TaskHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
  ) {}

  @EventPattern([
    'task.opened.v1',
    'task.extended.v1',
    'task.paused.v1',
    'task.resumed.v1',
    'task.closed.v1',
    'task.finalised.v1',
    'task.cancelled.v1',
  ])
  async task(@Payload() message: MessageOf<'task.opened.v1'>): Promise<void> {
    const { subscriber } = this;
    await receive(this.database, { message, subscriber }, tx =>
      rememberTask(tx, message.entityVersion, message.payload),
    );
  }

  @EventPattern('dataset.released.v1')
  async dataset(@Payload() message: MessageOf<'dataset.released.v1'>): Promise<void> {
    const { subscriber } = this;
    await receive(this.database, { message, subscriber }, tx => rememberDataset(tx, message.payload));
  }
}
