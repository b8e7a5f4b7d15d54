import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface ListenOptions {
  url: string;
  /** The channel is this and the schema: `outbox_tasks`. */
  channel: string;
  /** What the connection is called in pg_stat_activity. */
  applicationName: string;
  onMessage: (payload: string) => void;
  /** After each connection made: what was said meanwhile went unheard. */
  onListening: () => void;
  onError: (error: Error) => void;
}

export interface Listener {
  close(): Promise<void>;
}

/** Hears what the database says on a channel of this schema. A connection that breaks is made again. */
export function listen(options: ListenOptions): Listener {
  const stop = new AbortController();
  const running = keepListening(options, stop.signal);
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const onListening = () => {
      failures = 0;
      options.onListening();
    };
    try {
      await listenUntilBroken({ ...options, onListening }, signal);
    } catch (error) {
      options.onError(error as Error);
    }
    await sleep(Math.min(100 * 2 ** failures, 5_000), undefined, { signal }).catch(() => undefined);
  }
}

async function listenUntilBroken(
  { url, channel, applicationName, onMessage, onListening }: ListenOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: applicationName });
  const broken = new Promise<void>((resolve, reject) => {
    client.on('end', resolve).on('error', reject);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  broken.catch(() => undefined);
  client.on('notification', ({ payload = '' }) => onMessage(payload));
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(`select $1 || '_' || current_schema() as name`, [channel]);
    await client.query(`listen ${client.escapeIdentifier(rows[0]?.name ?? channel)}`);
    onListening();
    await broken;
  } finally {
    await client.end().catch(() => undefined);
  }
}
