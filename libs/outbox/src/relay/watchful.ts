import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@arena/db';
import { batchSize } from './batch-size.js';

/** For so long after a message a relay goes on looking by itself, and says so in the database. */
const awakeMs = 1_000;
/** It looks on for a while after what it said, for transactions that read it and have not committed yet. */
const marginMs = 250;
const lookEveryMs = 20;

const stayAwake = `
  update outbox_relay set awake_until = greatest(awake_until, clock_timestamp() + $1 * interval '1 millisecond')`;

/**
 * Makes a relay of a step that says how many messages it sent. In traffic it looks every few milliseconds, unasked:
 * NOTIFY takes a lock at commit that all notifying transactions of the server share, which costs more than all else.
 * A transaction that stays open for longer than the margin is found by the next poll.
 */
export function watchful(database: Database, relay: () => Promise<number>): () => Promise<'more' | 'idle'> {
  let until = 0;
  return async () => {
    const sent = await relay();
    if (sent > 0 && until - performance.now() < awakeMs / 2 + marginMs) {
      await database.read.query(stayAwake, [awakeMs]);
      until = performance.now() + awakeMs + marginMs;
    }
    if (sent >= batchSize) return 'more';
    if (performance.now() >= until) return 'idle';
    await sleep(lookEveryMs);
    return 'more';
  };
}
