import type { MessageOf, ServiceName } from '@arena/contracts';
import type { Database } from '@arena/db';
import { receive } from '@arena/outbox';
import { DATABASE, SERVICE } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { projectDelegation, projectStake } from './projection.js';

/** Keeps a service's own projection of stakes. A service that is routed the events lists it among its controllers. */
@Controller()
export class StakeHandlers {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
  ) {}

  @EventPattern('stake.changed.v1')
  async stake(@Payload() message: MessageOf<'stake.changed.v1'>): Promise<void> {
    const { database, subscriber } = this;
    await receive(database, { message, subscriber }, tx => projectStake(tx, message.entityVersion, message.payload));
  }

  @EventPattern('delegation.changed.v1')
  async delegation(@Payload() message: MessageOf<'delegation.changed.v1'>): Promise<void> {
    const { database, subscriber } = this;
    await receive(database, { message, subscriber }, tx =>
      projectDelegation(tx, message.entityVersion, message.payload),
    );
  }
}
