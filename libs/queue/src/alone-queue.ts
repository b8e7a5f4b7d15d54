/**
 * A job that kills its process takes down the innocent that ran beside it, and all of them look alike afterwards. So
 * whatever was running when a worker died is set aside, to run again one at a time: there only the culprit is blamed.
 */
import { type Job, Queue } from 'bullmq';
import { redisOptions } from './redis.js';

export const aloneQueueName = (queue: string): string => `${queue}.alone`;

/** It was being worked on when its worker went silent. */
export const isSuspect = (job: Job): boolean => job.stalledCounter > 0;

export class AloneQueue {
  private queue: Queue | undefined;

  constructor(
    private readonly name: string,
    private readonly options: { redisUrl: string; prefix: string },
    private readonly retryStrategy: (attempt: number) => number | null,
  ) {}

  /** Under its own id: done again after a crash in between, it changes nothing. */
  async add(job: Job): Promise<void> {
    const { attempts, backoff, removeOnComplete, removeOnFail } = job.opts;
    const opts = { attempts, backoff, removeOnComplete, removeOnFail, jobId: job.id };
    this.queue ??= this.open();
    await this.queue.add(
      job.name,
      job.data,
      Object.fromEntries(Object.entries(opts).filter(([, value]) => value !== undefined)),
    );
  }

  async close(): Promise<void> {
    await this.queue?.close();
  }

  private open(): Queue {
    const { redisUrl: url, prefix } = this.options;
    const connection = { url, ...redisOptions('worker'), retryStrategy: this.retryStrategy };
    const queue = new Queue(aloneQueueName(this.name), { connection, prefix });
    queue.on('error', () => undefined);
    return queue;
  }
}
