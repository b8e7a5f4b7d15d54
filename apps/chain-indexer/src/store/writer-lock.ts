// One writer for each chain. The lock belongs to a connection and goes with it: when the writer dies, or is cut off,
// whoever stands by takes over. That the other may not know it yet is why each transaction compares the progress too.
import pg from 'pg';

export interface WriterLock {
  /** Tries to take the lock, or finds that it is still held. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

export function writerLock(databaseUrl: string, chainId: number): WriterLock {
  let client: pg.Client | undefined;

  const drop = async () => {
    const dropped = client;
    client = undefined;
    await dropped?.end().catch(() => undefined);
  };

  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'chain-indexer writer',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    fresh.on('error', () => void drop());
    await fresh.connect();
    return fresh;
  };

  return {
    async held() {
      try {
        client ??= await connect();
        // Of one's own lock Postgres counts the holds: asked for again it would have to be released as often.
        const { rows } = await client.query<{ held: boolean }>(
          `select case when exists (
             select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
           ) then true else pg_try_advisory_lock(hashtext('chain-indexer.writer'), $1) end as held`,
          [chainId % 2 ** 31],
        );
        return rows[0]?.held ?? false;
      } catch (error) {
        await drop();
        throw error;
      }
    },
    release: drop,
  };
}
