import type { ServiceName } from '../services.js';
import { commands } from './commands.js';

export type QueueKind = 'events' | 'commands';
export type QueueName = `${ServiceName}.${QueueKind}`;

export interface QueueSettings {
  /** Jobs of one process at a time. */
  readonly concurrency: number;
  /** Runs before a job is dead, the first included. */
  readonly attempts: number;
  /** The wait before the second run; it doubles from run to run, with jitter. */
  readonly backoffMs: number;
  /** A worker that is silent for this long has lost its job. */
  readonly lockMs: number;
  readonly stalledIntervalMs: number;
  /** A job that, working alone, took its worker down more often than this is dead. */
  readonly maxStalled: number;
}

/** BullMQ's own defaults would take a minute to run a killed worker's job again; these take about six seconds. */
const prompt = { lockMs: 5_000, stalledIntervalMs: 2_500, maxStalled: 1 } as const;

/** Ten doublings from 200 ms: about three and a half minutes of trying. */
export const queueSettings = {
  events: { ...prompt, concurrency: 16, attempts: 11, backoffMs: 200 },
  commands: { ...prompt, concurrency: 16, attempts: 11, backoffMs: 200 },
} as const satisfies Record<QueueKind, QueueSettings>;

export const queueKinds = Object.keys(queueSettings) as QueueKind[];

export const kindOf = (message: string): QueueKind => (Object.hasOwn(commands, message) ? 'commands' : 'events');

export const queueName = (service: ServiceName, kind: QueueKind): QueueName => `${service}.${kind}`;
