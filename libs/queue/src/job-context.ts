import type { QueueName } from '@arena/contracts';
import { BaseRpcContext } from '@nestjs/microservices';
import type { Job } from 'bullmq';

/** The second argument of a handler (`@Ctx()`). */
export class JobContext extends BaseRpcContext<[Job, QueueName]> {
  get queue(): QueueName {
    return this.getArgByIndex(1) as QueueName;
  }

  /** How often the message was tried before. */
  get earlierAttempts(): number {
    return (this.getArgByIndex(0) as Job).attemptsMade;
  }
}
