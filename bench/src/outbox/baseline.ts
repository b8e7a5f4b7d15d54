import { queueSettings } from '@arena/contracts';
import { Queue, Worker } from 'bullmq';
import pg from 'pg';
import { countdown, inParallel, record } from './traffic.js';

export interface Side {
  /** Messages per second, from the first transaction to the last message done. */
  round(count: number): Promise<number>;
  close(): Promise<void>;
}

export const width = 16;

/** What one would write without the library: INSERT, commit, add the job. It may lose a message between the two. */
export async function bareBull(databaseUrl: string, redisUrl: string): Promise<Side> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: width });
  await pool.query(
    'create table if not exists bare (id bigint generated always as identity primary key, message jsonb)',
  );
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  const queue = new Queue('bare', { connection });
  let tick: () => unknown = () => undefined;
  const { concurrency } = queueSettings.commands;
  const worker = new Worker('bare', async () => void tick(), {
    connection,
    concurrency,
    removeOnComplete: { count: 0 },
  });
  await worker.waitUntilReady();
  return {
    async round(count) {
      const counter = countdown(count);
      tick = counter.tick;
      const started = performance.now();
      await inParallel(count, width, async n => {
        const message = record(n);
        await pool.query('insert into bare (message) values ($1)', [JSON.stringify(message)]);
        await queue.add(message.name, message, { removeOnComplete: true });
      });
      await counter.done;
      return (count / (performance.now() - started)) * 1_000;
    },
    async close() {
      await worker.close();
      await queue.close();
      await pool.end();
    },
  };
}
