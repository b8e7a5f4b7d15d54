import type { MessageOf, ServiceName } from '@arena/contracts';
import type { Database } from '@arena/db';
import { receive } from '@arena/outbox';
import { DATABASE, SERVICE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { projectSeenStake } from './projection.js';

/** Apart from `StakeHandlers`, because a service may be routed what is final without what is not. */
@Controller()
export class SeenStakeHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
  ) {}

  @EventPattern('stake.seen.v1')
  async seen(@Payload() message: MessageOf<'stake.seen.v1'>): Promise<void> {
    const { database, subscriber } = this;
    await receive(database, { message, subscriber }, tx =>
      projectSeenStake(tx, message.entityVersion, message.payload),
    );
  }
}
