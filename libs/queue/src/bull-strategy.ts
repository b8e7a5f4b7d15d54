/**
 * BullMQ as a transport of Nest: one worker per queue of a service, handlers by @EventPattern.
 *
 * A payload is parsed before its handler sees it. A thrown error means "later": BullMQ tries again. A DomainError, or
 * a payload of the wrong shape, means "never": the job is dead at once. What is dead is handed to `onDead` to be kept.
 */
import {
  isMessageName,
  type Message,
  parseMessage,
  type QueueKind,
  queueKinds,
  queueName,
  type QueueName,
  type QueueSettings,
  queueSettings,
  type ServiceName,
} from '@arena/contracts';
import { DomainError } from '@arena/problem';
import { type CustomTransportStrategy, type MessageHandler, type ReadPacket, Server } from '@nestjs/microservices';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { isObservable, lastValueFrom } from 'rxjs';
import { AloneQueue, aloneQueueName, isSuspect } from './alone-queue.js';
import { handlerFaults } from './core/check-handlers.js';
import { JobContext } from './job-context.js';
import { redisOptions, retryStrategy } from './redis.js';
import { inTrace } from './trace.js';

export interface JobRun {
  readonly queue: QueueName;
  readonly name: string;
  readonly outcome: 'done' | 'failed' | 'dead';
  readonly seconds: number;
  readonly error?: Error;
}

export interface DeadJob {
  readonly queue: QueueName;
  readonly subscriber: ServiceName;
  readonly jobId: string;
  readonly name: string;
  /** As it came: perhaps no message at all. */
  readonly data: unknown;
  readonly error: Error;
  readonly attempts: number;
}

export interface BullStrategyOptions {
  service: ServiceName;
  redisUrl: string;
  prefix: string;
  /** Keeps what will not be tried again. If it throws, the reconciler brings the message back. */
  onDead: (job: DeadJob) => Promise<void>;
  /** Once per attempt, for metrics and the log. */
  onRun?: (run: JobRun) => void;
  /** Of Redis and of the workers themselves. */
  onError?: (error: Error) => void;
  settings?: Partial<QueueSettings>;
}

export class QueueHandlersWrong extends Error {
  override readonly name = 'QueueHandlersWrong';
}

export class BullStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('bullmq');
  /** A handler's failure reaches BullMQ, which decides what follows. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly registrations = new Map<string, number>();
  private readonly keeping = new Set<Promise<void>>();
  private workers: Worker[] = [];
  private readonly asides: AloneQueue[] = [];
  private closing = false;

  constructor(private readonly options: BullStrategyOptions) {
    super();
  }

  override addHandler(pattern: string, callback: MessageHandler, isEventHandler = false, extras = {}): void {
    this.registrations.set(pattern, (this.registrations.get(pattern) ?? 0) + 1);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /**
   * Refuses to start unless exactly what is routed to this service is handled. Does not wait for Redis: a service
   * answers without it, and its workers join in when it is there.
   */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.assertHandlers();
      this.workers = queueKinds.flatMap(kind => [this.worker(kind), this.worker(kind, 'alone')]);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more jobs and waits for those that run. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.workers.map(worker => worker.close()));
    await Promise.all([...this.keeping, ...this.asides.map(aside => aside.close())]);
    this.workers = [];
  }

  on(): never {
    throw new Error('a queue has no events of its own; use onRun, onDead and onError');
  }

  unwrap<T>(): T {
    return this.workers as T;
  }

  override async handleEvent(pattern: string, packet: ReadPacket, context: JobContext): Promise<void> {
    const handler = this.messageHandlers.get(pattern);
    // Perhaps a later release sent it, to be handled by this one's successor.
    if (!handler) throw new Error(`no handler for ${pattern} in this release`);
    const result: unknown = await handler(packet.data, context);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  private assertHandlers(): void {
    const counts = [...this.registrations].map(([pattern, count]) => ({
      pattern,
      count,
      event: this.messageHandlers.get(pattern)?.isEventHandler ?? false,
    }));
    const faults = handlerFaults(this.options.service, counts);
    if (faults.length > 0) throw new QueueHandlersWrong(`${this.options.service} cannot start: ${faults.join('; ')}`);
  }

  private worker(kind: QueueKind, mode: 'together' | 'alone' = 'together'): Worker {
    const { service, redisUrl, prefix, onError = () => undefined } = this.options;
    const queue = queueName(service, kind);
    const settings = { ...queueSettings[kind], ...this.options.settings };
    const alone = mode === 'alone';
    const aside = alone ? undefined : new AloneQueue(queue, this.options, this.reconnectAfter);
    const run = async (job: Job) => (aside && isSuspect(job) ? aside.add(job) : this.process(queue, job));
    const worker = new Worker(alone ? aloneQueueName(queue) : queue, run, {
      connection: { url: redisUrl, ...redisOptions('worker'), retryStrategy: this.reconnectAfter },
      prefix,
      concurrency: alone ? 1 : settings.concurrency,
      lockDuration: settings.lockMs,
      stalledInterval: settings.stalledIntervalMs,
      // Who works beside others is only a suspect when the process dies.
      maxStalledCount: alone ? settings.maxStalled : Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', onError);
    worker.on('failed', (job, error) => job && this.afterFailure(queue, job, error));
    if (aside) this.asides.push(aside);
    return worker;
  }

  /** A worker that is closing would wait for ever for a Redis that is away; what it held is run again elsewhere. */
  private readonly reconnectAfter = (attempt: number) => (this.closing ? null : retryStrategy(attempt));

  private async process(queue: QueueName, job: Job): Promise<void> {
    const started = performance.now();
    const message = parse(job);
    try {
      await inTrace(message, queue, () =>
        this.handleEvent(message.name, { pattern: message.name, data: message }, new JobContext([job, queue])),
      );
    } catch (error) {
      throw error instanceof DomainError ? unrecoverable(error) : error;
    }
    this.report({ queue, name: job.name, outcome: 'done', seconds: (performance.now() - started) / 1_000 });
  }

  /** Also for jobs that took their worker down too often: those fail without having been processed here. */
  private afterFailure(queue: QueueName, job: Job, error: Error): void {
    const dead = job.finishedOn !== undefined;
    const seconds = Math.max(0, (job.finishedOn ?? Date.now()) - (job.processedOn ?? Date.now())) / 1_000;
    this.report({ queue, name: job.name, outcome: dead ? 'dead' : 'failed', seconds, error });
    if (dead) this.keep(queue, job, error);
  }

  private keep(queue: QueueName, job: Job, error: Error): void {
    const { service, onDead, onError } = this.options;
    const dead = { queue, subscriber: service, jobId: job.id ?? '', name: job.name, data: job.data as unknown, error };
    const kept = onDead({ ...dead, attempts: job.attemptsMade })
      .catch((failure: Error) => onError?.(failure))
      .finally(() => this.keeping.delete(kept));
    this.keeping.add(kept);
  }

  private report(run: JobRun): void {
    this.options.onRun?.(run);
  }
}

function parse(job: Job): Message {
  const { name } = (job.data ?? {}) as { name?: unknown };
  // A later release may know it: tried again, it may find that release.
  if (typeof name === 'string' && !isMessageName(name)) throw new Error(`${name} is unknown to this release`);
  try {
    return parseMessage(job.data);
  } catch (error) {
    throw unrecoverable(new Error(`not a valid ${job.name}: ${(error as Error).message}`, { cause: error }));
  }
}

function unrecoverable(cause: Error): UnrecoverableError {
  const error = new UnrecoverableError(cause.message);
  error.cause = cause;
  return error;
}
