import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@arena/servers';

export interface Servers {
  postgresUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** PostgreSQL and Redis as in production: what they say is done is on the disk. */
export async function durableServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-bench-'));
  // PostgreSQL runs as another user when we are root, and must be able to come in.
  await chmod(folder, 0o711);
  const at = (name: string) => ({ folder: join(folder, name), log: join(folder, `${name}.log`), durable: true });
  const [postgres, redis] = await Promise.all([startPostgres(at('postgres')), startRedis(at('redis'))]);
  return {
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
