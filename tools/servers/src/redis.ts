import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { startChild, untilReady } from './child.js';
import { assertDisk } from './disk.js';
import { onPort } from './on-port.js';
import { redisProgram } from './redis-install.js';
import { ServerError } from './server-error.js';
import { foreign, ownOf, type Server } from './server.js';

export interface RedisOptions {
  url?: string | undefined;
  folder: string;
  log: string;
  port?: number | undefined;
  durable: boolean;
  minFreeBytes?: number;
}

const OLDEST = 7;

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

/** The major version out of what `--version` says, of Redis or of Valkey. */
export const majorVersion = (said: string) => Number(/\bv=(\d+)\./.exec(said)?.[1] ?? 0);

async function assertVersion(program: string): Promise<void> {
  const { stdout } = await promisify(execFile)(program, ['--version']);
  if (majorVersion(stdout) >= OLDEST) return;
  throw new ServerError(`${program} is older than Redis ${OLDEST}: install a newer Redis or Valkey, or set REDIS_URL`);
}

/** Only the bell rings here, but noeviction all the same: a queue that drops jobs under pressure looks like a bug of ours. */
const configuration = (port: number, folder: string, durable: boolean) => `
port ${port}
bind 127.0.0.1
dir "${folder}"
daemonize no
save ""
appendonly ${durable ? 'yes' : 'no'}
appendfsync everysec
maxmemory-policy noeviction
`;

export async function startRedis(options: RedisOptions): Promise<Server> {
  if (options.url !== undefined) {
    if (await answers(options.url)) return foreign(options.url);
    throw new ServerError('REDIS_URL is set, and no Redis answers there: start it, or unset REDIS_URL');
  }
  const program = await redisProgram();
  await assertVersion(program);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await assertDisk(options.folder, options.minFreeBytes ?? 2 ** 26);
  return onPort({ port: options.port, who: 'Redis', remedy: 'stop what uses it' }, async port => {
    const child = await startChild({
      name: 'Redis',
      command: program,
      args: ['-'],
      stdin: configuration(port, options.folder, options.durable),
      log: options.log,
    });
    const url = `redis://127.0.0.1:${port}`;
    await untilReady(child, () => answers(url), 30_000);
    return ownOf(url, child);
  });
}
