import { setTimeout as sleep } from 'node:timers/promises';
import { kindOf, queueName, type QueueSettings, type ServiceName } from '@arena/contracts';
import { aloneQueueName, jobOptions, redisConnection } from '@arena/queue';
import { Queue } from 'bullmq';

/** A message on its way to one service. */
export interface Ring {
  readonly id: string;
  readonly name: string;
  readonly message: unknown;
  readonly to: ServiceName;
}

export interface QueuesOptions {
  redisUrl: string;
  prefix: string;
  settings?: Partial<QueueSettings> | undefined;
  onError?: ((error: Error) => void) | undefined;
}

/** The sending side of all queues over one connection, which fails at once while Redis is away. */
export class Queues {
  private readonly redis;
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly options: QueuesOptions) {
    const { redisUrl: url, onError = () => undefined } = options;
    this.redis = redisConnection({ url, role: 'sender', onError });
  }

  /** Asked before a transaction is begun that would only be rolled back. */
  get ready(): boolean {
    return this.redis.status === 'ready';
  }

  onReady(listener: () => void): void {
    this.redis.on('ready', listener);
  }

  async whenReady(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.ready) {
      if (Date.now() > deadline) throw new Error('Redis cannot be reached');
      await sleep(20);
    }
  }

  /** Adds what is not there; of an id that is in its queue already, nothing changes. */
  async add(rings: readonly Ring[]): Promise<void> {
    if (!this.ready) throw new Error('Redis is away');
    const jobs = new Map<Queue, ReturnType<typeof this.job>[]>();
    for (const ring of rings) {
      const queue = this.queueOf(ring);
      const list = jobs.get(queue) ?? [];
      jobs.set(queue, list);
      list.push(this.job(ring));
    }
    await Promise.all([...jobs].map(([queue, list]) => queue.addBulk(list)));
  }

  /** Those that Redis has lost or is done with: neither waiting, nor delayed, nor being worked on, also not alone. */
  async absent<R extends Ring>(rings: readonly R[]): Promise<R[]> {
    if (!this.ready) throw new Error('Redis is away');
    const pipeline = this.redis.pipeline();
    for (const ring of rings) {
      const queue = this.queueOf(ring);
      pipeline.hmget(queue.toKey(ring.id), 'timestamp', 'finishedOn');
      // Asked second: a job is in its place to work alone before it leaves the other.
      pipeline.exists(`${this.options.prefix}:${aloneQueueName(queue.name)}:${ring.id}`);
    }
    const answers = (await pipeline.exec()) ?? [];
    const gone: R[] = [];
    for (const [i, ring] of rings.entries()) {
      const [fields, alone] = [answers[2 * i]?.[1], answers[2 * i + 1]?.[1]];
      const [added, finished] = fields as (string | null)[];
      if (added && finished) await this.queueOf(ring).remove(ring.id);
      if ((!added || finished) && !alone) gone.push(ring);
    }
    return gone;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map(queue => queue.close().catch(() => undefined)));
    this.redis.disconnect();
  }

  private job({ id, name, message }: Ring) {
    return { name, data: message, opts: jobOptions(id, name, this.options.settings) };
  }

  private queueOf({ to, name }: Ring): Queue {
    const key = queueName(to, kindOf(name));
    let queue = this.queues.get(key);
    if (!queue) {
      queue = new Queue(key, { connection: this.redis, prefix: this.options.prefix });
      queue.on('error', this.options.onError ?? (() => undefined));
      this.queues.set(key, queue);
    }
    return queue;
  }
}
