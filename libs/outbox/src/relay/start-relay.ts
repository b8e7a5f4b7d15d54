/**
 * Takes committed messages to the queues, and sees to it that each is acknowledged in the end:
 *
 *   relay      new rows → Redis, woken by NOTIFY, else by a slow poll
 *   collect    acknowledgements → rows that are done
 *   reconcile  open rows that Redis has forgotten → Redis
 *   prune      what is old enough → away
 *
 * Any number of relays may run on one schema; each step takes rows that no other holds.
 */
import type { QueueSettings, ServiceName } from '@arena/contracts';
import { listen, pgDatabase } from '@arena/db';
import { outboxGauges, type OutboxGauges } from '../gauges.js';
import { collectAcks } from './collect-acks.js';
import { loop } from './loop.js';
import { defaultRetention, prune, type Retention } from './prune.js';
import { Queues } from './queues.js';
import { reconcile } from './reconcile.js';
import { batchSize } from './batch-size.js';
import { relayBatch } from './relay-batch.js';
import { watchful } from './watchful.js';

export interface RelayTiming {
  /** How late a message is at most when its notification went unheard. */
  pollMs: number;
  collectMs: number;
  /** A lost job is found within `reconcileMs + overdueMs`. */
  reconcileMs: number;
  overdueMs: number;
  pruneMs: number;
}

const defaultTiming: RelayTiming = {
  pollMs: 500,
  collectMs: 1_000,
  reconcileMs: 5_000,
  overdueMs: 10_000,
  pruneMs: 60_000,
};

export interface RelayOptions {
  service: ServiceName;
  /** Of the runtime role; one connection of it listens, and at most three more work. */
  databaseUrl: string;
  redisUrl: string;
  prefix: string;
  onError?: (error: Error) => void;
  /** How many messages Redis had lost. */
  onRestored?: (count: number) => void;
  timing?: Partial<RelayTiming>;
  retention?: Partial<Retention>;
  /** Of the jobs; the queue's own when left out. */
  settings?: Partial<QueueSettings>;
}

export interface Relay {
  gauges(): Promise<OutboxGauges>;
  /** Stops after what is under way. What is not sent yet waits in its row. */
  close(): Promise<void>;
}

export function startRelay(options: RelayOptions): Relay {
  const { databaseUrl, onError = () => undefined, onRestored = () => undefined } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const retention = { ...defaultRetention, ...options.retention };
  const database = pgDatabase({ url: databaseUrl, max: 3, applicationName: `${options.service} relay` });
  const queues = new Queues(options);
  const steps = {
    // Redis' absence is told by its connection; no transaction is begun that could only be rolled back.
    relay: watchful(database, async () => (queues.ready ? relayBatch(database, queues, batchSize) : 0)),
    collect: async () => more(await collectAcks(database, batchSize)),
    reconcile: async () => {
      const restored = queues.ready ? await reconcile(database, queues, timing.overdueMs) : 0;
      if (restored > 0) onRestored(restored);
      return 'idle' as const;
    },
    prune: async () => {
      await prune(database, retention);
      return 'idle' as const;
    },
  };
  const relay = loop({ everyMs: timing.pollMs, run: steps.relay, onError });
  const loops = [
    relay,
    loop({ everyMs: timing.collectMs, run: steps.collect, onError }),
    loop({ everyMs: timing.reconcileMs, run: steps.reconcile, onError }),
    loop({ everyMs: timing.pruneMs, run: steps.prune, onError }),
  ];
  const listener = listen({
    url: databaseUrl,
    channel: 'outbox',
    applicationName: 'arena outbox listener',
    onMessage: relay.wake,
    onListening: relay.wake,
    onError,
  });
  queues.onReady(relay.wake);

  return {
    gauges: () => outboxGauges(database.read, options.service),
    close: async () => {
      await Promise.all([listener.close(), ...loops.map(each => each.close())]);
      await queues.close();
      await database.close();
    },
  };
}

const more = (count: number): 'more' | 'idle' => (count >= batchSize ? 'more' : 'idle');
