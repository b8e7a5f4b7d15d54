import type { MessageOf, ServiceName } from '@arena/contracts';
import { receive } from '@arena/outbox';
import { CLOCK, DATABASE, ENV, SERVICE, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Env } from '../env.js';
import type { SubmissionDatabase } from '../store/database.js';
import { rememberDataset, rememberTask } from '../store/known-tasks.js';
import { moveUploads } from './follow-tasks.js';

@Controller()
export class TaskHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
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
    await receive(this.database, { message, subscriber }, async tx => {
      await rememberTask(tx, message.entityVersion, message.payload);
      await moveUploads(tx, message.payload.task, this.env.UPLOAD_SECONDS, this.clock());
    });
  }

  @EventPattern('dataset.released.v1')
  async dataset(@Payload() message: MessageOf<'dataset.released.v1'>): Promise<void> {
    const { subscriber } = this;
    await receive(this.database, { message, subscriber }, tx => rememberDataset(tx, message.payload));
  }
}
