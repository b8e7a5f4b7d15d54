import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Hears the database say that there is something to send. A connection that breaks is made again; after each one made,
 * `wake` is called, because what was said meanwhile went unheard.
 */
export function listen(url: string, wake: () => void, onError: (error: Error) => void): Listener {
  const stop = new AbortController();
  const running = keepListening(url, wake, onError, stop.signal);
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function keepListening(
  url: string,
  wake: () => void,
  onError: (error: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await listenUntilBroken(url, signal, wake, () => {
        failures = 0;
      });
    } catch (error) {
      onError(error as Error);
    }
    await sleep(Math.min(100 * 2 ** failures, 5_000), undefined, { signal }).catch(() => undefined);
  }
}

async function listenUntilBroken(
  url: string,
  signal: AbortSignal,
  wake: () => void,
  onListening: () => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'arena outbox listener' });
  const broken = new Promise<void>((resolve, reject) => {
    client.on('end', resolve).on('error', reject);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  broken.catch(() => undefined);
  client.on('notification', wake);
  try {
    await client.connect();
    const { rows } = await client.query<{ channel: string }>(`select 'outbox_' || current_schema() as channel`);
    await client.query(`listen ${client.escapeIdentifier(rows[0]?.channel ?? 'outbox')}`);
    onListening();
    wake();
    await broken;
  } finally {
    await client.end().catch(() => undefined);
  }
}
