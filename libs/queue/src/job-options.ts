import { kindOf, type QueueSettings, queueSettings } from '@arena/contracts';
import type { JobsOptions } from 'bullmq';

/** How a message becomes a job. Its id is the message's, so adding it twice adds it once. */
export function jobOptions(messageId: string, name: string, override?: Partial<QueueSettings>): JobsOptions {
  const { attempts, backoffMs } = { ...queueSettings[kindOf(name)], ...override };
  return {
    jobId: messageId,
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
    // What was done is known from its acknowledgement, what failed from its dead letter: both in Postgres.
    removeOnComplete: true,
    removeOnFail: true,
  };
}
