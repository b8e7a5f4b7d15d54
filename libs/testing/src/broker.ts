// Starts what the tests of one run ask for, once, and only what they ask for. It lives in the test runner's own process;
// test files, in processes of their own, ask it over HTTP. Everything is in one temporary folder and on the leash, so a
// killed run leaves nothing behind, and two runs at once share nothing.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leash, startPostgres, startRedis, startS3, type Server } from '@arena/servers';
import { buckets, type Addresses, type Part } from './addresses.js';

export interface Broker {
  readonly url: string;
  close(): Promise<void>;
}

const S3_KEY = { accessKey: 'arena-tests', secretKey: 'arena-tests-secret' };

type Started = { [P in Part]: { server: Server; address: Addresses[P] } };

const starters = (folder: string) =>
  ({
    postgres: async () => {
      const log = join(folder, 'postgres.log');
      const server = await startPostgres({ folder: join(folder, 'postgres'), log, durable: false });
      return { server, address: { url: server.url } };
    },
    redis: async () => {
      const log = join(folder, 'redis.log');
      const server = await startRedis({ folder: join(folder, 'redis'), log, durable: false });
      return { server, address: { url: server.url } };
    },
    s3: async () => {
      const log = join(folder, 's3.log');
      const server = await startS3({ folder: join(folder, 's3'), log, buckets, admin: S3_KEY });
      return { server, address: { endpoint: server.url, region: server.region, ...server.admin } };
    },
  }) satisfies { [P in Part]: () => Promise<Started[P]> };

export async function openBroker(): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-test-'));
  // PostgreSQL runs as another user when we are root, and must be able to come in.
  await chmod(folder, 0o711);
  leash.remove(folder);
  const start = starters(folder);
  const started = new Map<string, Promise<Started[Part]>>();

  const http = createServer((request, response) => {
    const part = (request.url ?? '').slice(1);
    if (!(part in start)) return void response.writeHead(404).end();
    if (!started.has(part)) started.set(part, start[part as Part]());
    started.get(part)?.then(
      ({ address }) => response.writeHead(200).end(JSON.stringify(address)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: async () => {
      http.closeAllConnections();
      http.close();
      const parts = await Promise.allSettled(started.values());
      await Promise.all(parts.map(async part => part.status === 'fulfilled' && part.value.server.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
