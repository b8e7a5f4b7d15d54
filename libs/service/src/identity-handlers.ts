import { projectAccount, projectKey } from '@arena/auth';
import type { MessageOf, ServiceName } from '@arena/contracts';
import type { Database } from '@arena/db';
import { receive } from '@arena/outbox';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { DATABASE, SERVICE } from './tokens.js';

/** Keeps a service's own projection of keys and accounts. Every service but task-service, which writes them, lists it. */
@Controller()
export class IdentityHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
  ) {}

  @EventPattern('key.changed.v1')
  async key(@Payload() message: MessageOf<'key.changed.v1'>): Promise<void> {
    const { database, subscriber } = this;
    await receive(database, { message, subscriber }, tx => projectKey(tx, message.entityVersion, message.payload));
  }

  @EventPattern('account.changed.v1')
  async account(@Payload() message: MessageOf<'account.changed.v1'>): Promise<void> {
    const { database, subscriber } = this;
    await receive(database, { message, subscriber }, tx => projectAccount(tx, message.entityVersion, message.payload));
  }
}
