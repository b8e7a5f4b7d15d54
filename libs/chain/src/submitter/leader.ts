import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Leader {
  /** Whether this process is the one that sends. */
  leads(): boolean;
  close(): Promise<void>;
}

export interface LeaderOptions {
  databaseUrl: string;
  /** Who holds the same name excludes each other, over the whole database. */
  name: string;
  onLeading(): void;
  onError(error: Error): void;
}

const RETRY_MS = 500;

/** A lock that lives as long as its connection: who dies, however suddenly, makes way. */
export function startLeader(options: LeaderOptions): Leader {
  const stop = new AbortController();
  const state = { leads: false };
  const running = (async () => {
    while (!stop.signal.aborted) {
      await leadOnce(options, state, stop.signal).catch(options.onError);
      state.leads = false;
      await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    leads: () => state.leads,
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function leadOnce(options: LeaderOptions, state: { leads: boolean }, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    keepAlive: true,
    application_name: 'arena submitter lock',
  });
  const broken = new Promise<void>((resolve, reject) => {
    client.on('end', resolve).on('error', reject);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  broken.catch(() => undefined);
  try {
    await client.connect();
    const ask = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held';
    const { rows } = await client.query<{ held: boolean }>(ask, [options.name]);
    if (rows[0]?.held !== true) return;
    state.leads = true;
    options.onLeading();
    await broken;
  } finally {
    state.leads = false;
    await client.end().catch(() => undefined);
  }
}
