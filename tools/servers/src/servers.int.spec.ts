import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil } from './anvil.js';
import { startChild } from './child.js';
import { startPostgres } from './postgres.js';
import { redisProgram } from './redis-install.js';
import { startRedis } from './redis.js';
import { startS3 } from './s3.js';
import { unprivileged } from './unprivileged.js';

let folder: string;
let squatter: TcpServer;
let taken: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-servers-'));
  await chmod(folder, 0o711);
  squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  taken = (squatter.address() as { port: number }).port;
});

afterAll(async () => {
  squatter.close();
  await rm(folder, { recursive: true, force: true });
});

const place = (name: string) => ({ folder: join(folder, name), log: join(folder, `${name}.log`) });
const admin = { accessKey: 'administrator', secretKey: 'administrator-secret' };

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a port that is taken is named in one line', () => {
  const line = /port \d+ of 127\.0\.0\.1 is taken; stop what uses it$/;
  it('by PostgreSQL', () =>
    expect(startPostgres({ ...place('pg-taken'), durable: false, port: taken })).rejects.toThrow(line));
  it('by Redis', () =>
    expect(startRedis({ ...place('redis-taken'), durable: false, port: taken })).rejects.toThrow(line));
  it('by the S3 server', () =>
    expect(startS3({ ...place('s3-taken'), admin, buckets: [], port: taken })).rejects.toThrow(line));
  it('by anvil', () => expect(startAnvil({ log: join(folder, 'anvil-taken.log'), port: taken })).rejects.toThrow(line));
});

describe('an address that nobody answers at is named by its variable', () => {
  const nobody = 'http://127.0.0.1:1';
  it('DATABASE_URL', () =>
    expect(startPostgres({ ...place('x'), durable: true, url: 'postgres://a:b@127.0.0.1:1/c' })).rejects.toThrow(
      /^DATABASE_URL is set, and no PostgreSQL answers there/,
    ));
  it('REDIS_URL', () =>
    expect(startRedis({ ...place('x'), durable: true, url: 'redis://127.0.0.1:1' })).rejects.toThrow(
      /^REDIS_URL is set/,
    ));
  it('S3_ENDPOINT', () =>
    expect(
      startS3({
        ...place('x'),
        admin,
        buckets: ['one'],
        external: { endpoint: nobody, region: 'us-east-1', ...admin },
      }),
    ).rejects.toThrow(/^S3_ENDPOINT is set/));
  it('RPC_URL', () =>
    expect(startAnvil({ log: join(folder, 'x.log'), url: nobody })).rejects.toThrow(/^RPC_URL is set/));
});

it('names the ways to get Redis when there is none and installing is forbidden', async () => {
  await expect(redisProgram({ PATH: folder, ARENA_INSTALL: '0' })).rejects.toThrow(
    /^there is no redis-server and ARENA_INSTALL=0: apt-get install .* dnf install .* brew install .*REDIS_URL$/,
  );
});

describe('PostgreSQL', () => {
  const options = () => ({ ...place('pg'), durable: true, password: 'kept' });

  it('keeps its data, also after a kill whose lock file names another process', async () => {
    const first = await startPostgres(options());
    await sql(first.url, 'create table kept as select 42 as answer');
    process.kill(first.pid as number, 'SIGKILL');
    await first.stop();
    await expect(sql(first.url, 'select 1')).rejects.toThrow();
    // The same user, or PostgreSQL would see by itself that the other is no PostgreSQL.
    const user = await unprivileged();
    const log = join(folder, 'other.log');
    const other = await startChild({ name: 'other', command: 'sleep', args: ['60'], log, ...(user && { user }) });
    await writeFile(join(folder, 'pg', 'postmaster.pid'), `${other.pid}\n`);

    const second = await startPostgres(options());
    expect(await sql(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    await other.stop();
  });

  it('refuses to run twice on one folder', async () => {
    const first = await startPostgres(options());
    await expect(startPostgres(options())).rejects.toThrow(/already runs on .*; stop it first: kill -INT \d+$/);
    await first.stop();
  });

  it('says so when the kept password is not the right one', async () => {
    await expect(startPostgres({ ...options(), password: 'lost' })).rejects.toThrow(/does not take the kept password/);
  });

  it('listens on this machine alone and takes 300 connections', async () => {
    const server = await startPostgres(options());
    const setting = async (name: string) => Object.values((await sql(server.url, `show ${name}`))[0] as object)[0];
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('max_connections')).toBe('300');
    expect(await setting('fsync')).toBe('on');
    await server.stop();
  });
});

it('Redis keeps its data between runs and never evicts', async () => {
  const first = await startRedis({ ...place('redis'), durable: true });
  const before = new Redis(first.url);
  await before.set('kept', 'yes');
  expect(await before.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  before.disconnect();
  await first.stop();

  const second = await startRedis({ ...place('redis'), durable: true });
  const after = new Redis(second.url);
  expect(await after.get('kept')).toBe('yes');
  after.disconnect();
  await second.stop();
});

it('the chain goes on from the block where it stopped', async () => {
  const options = { log: join(folder, 'anvil.log'), state: join(folder, 'chain', 'state.json') };
  const ask = async (url: string, method: string, params: unknown[] = []) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await answer.json()) as { result: unknown }).result;
  };
  const first = await startAnvil(options);
  await ask(first.url, 'anvil_mine', ['0x5']);
  const block = await ask(first.url, 'eth_getBlockByNumber', ['0x3', false]);
  await first.stop();

  const second = await startAnvil(options);
  expect(await ask(second.url, 'eth_blockNumber')).toBe('0x5');
  expect((block as { hash: string }).hash).toMatch(/^0x/);
  expect(await ask(second.url, 'eth_getBlockByNumber', ['0x3', false])).toMatchObject({
    hash: (block as { hash: string }).hash,
  });
  await second.stop();
});

it('the S3 server makes the buckets, keeps objects, and holds a key to what it was granted', async () => {
  const reader = { accessKey: 'reader', secretKey: 'reader-secret' };
  const keys = { reader: { ...reader, grants: { open: 'read' } } } as const;
  const options = { ...place('s3'), admin, keys, buckets: ['open', 'closed'] };
  const as = (url: string, key: { accessKey: string; secretKey: string }) =>
    new Client({ endPoint: '127.0.0.1', port: Number(new URL(url).port), useSSL: false, region: 'us-east-1', ...key });

  const first = await startS3(options);
  await as(first.url, admin).putObject('open', 'kept', 'yes');
  await first.stop();

  const second = await startS3(options);
  const mine = as(second.url, second.keyOf('reader'));
  const { size } = await mine.statObject('open', 'kept');
  expect(size).toBe(3);
  await expect(mine.putObject('open', 'other', 'no')).rejects.toThrow(/Access Denied/i);
  await expect(mine.getObject('closed', 'kept')).rejects.toThrow(/Access Denied/i);
  await second.stop();
});
