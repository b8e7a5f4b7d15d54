import { serviceNames } from '@arena/contracts';
import { startAnvil, startPostgres, startRedis, startS3, type Server } from '@arena/servers';
import pg from 'pg';
import { together } from '../core/together.js';
import { buckets, grants } from '../core/grants.js';
import type { Folder } from './folder.js';

/** Servers of yours that the stack is to use in place of its own. */
export interface External {
  databaseUrl?: string | undefined;
  redisUrl?: string | undefined;
  s3?: { endpoint: string; region: string; accessKey: string; secretKey: string } | undefined;
  rpcUrl?: string | undefined;
  /** Where the arena is on that chain. */
  deploymentFile?: string | undefined;
}

export interface GroundOptions {
  folder: Folder;
  external: External;
  secret(name: string): string;
  portOf(part: string): Promise<number>;
  onStarted(server: Server): void;
}

const DATABASE = 'arena';
const BLOCK_SECONDS = 2;
const ROOM = 2 ** 30;

/** The database of that name on the server, made if it is not there. */
async function ensureDatabase(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

/** Starts the four servers side by side; when one fails, its error comes after the others have settled. */
export async function startServers({ folder, external, secret, portOf, onStarted }: GroundOptions) {
  // One after the other, so that no two are given the same port.
  const ports = { postgres: await portOf('postgres'), redis: await portOf('redis'), s3: await portOf('s3') };
  const chainPort = await portOf('chain');
  const noted = async <S extends Server>(server: Promise<S>): Promise<S> => {
    const started = await server;
    onStarted(started);
    return started;
  };
  const postgres = async () => {
    const server = await noted(
      startPostgres({
        url: external.databaseUrl,
        folder: folder.data('postgres'),
        log: folder.log('postgres'),
        port: ports.postgres,
        password: secret('postgres'),
        durable: true,
        minFreeBytes: ROOM,
      }),
    );
    return { server, adminUrl: external.databaseUrl ?? (await ensureDatabase(server.url)) };
  };
  const redis = noted(
    startRedis({
      url: external.redisUrl,
      folder: folder.data('redis'),
      log: folder.log('redis'),
      port: ports.redis,
      durable: true,
    }),
  );
  const keys = serviceNames.flatMap(name => {
    const granted = grants[name];
    return granted ? [[name, { accessKey: name, secretKey: secret(`s3.${name}`), grants: granted }] as const] : [];
  });
  const s3 = noted(
    startS3({
      external: external.s3,
      folder: folder.data('s3'),
      log: folder.log('s3'),
      port: ports.s3,
      admin: { accessKey: 'arena-admin', secretKey: secret('s3.admin') },
      keys: Object.fromEntries(keys),
      buckets,
    }),
  );
  const chain = noted(
    startAnvil({
      url: external.rpcUrl,
      log: folder.log('chain'),
      port: chainPort,
      state: `${folder.data('chain')}/state.json`,
      blockTime: BLOCK_SECONDS,
    }),
  );
  const [database, redisServer, s3Server, chainServer] = await together([postgres(), redis, s3, chain]);
  return { database, redis: redisServer, s3: s3Server, chain: chainServer };
}
