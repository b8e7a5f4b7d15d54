import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractsOf } from '@arena/chain';
import { freePort, isFree } from '@arena/servers';
import { JsonRpcProvider } from 'ethers';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holderOf } from './parts/lock.js';
import { startStack, type Stack, type StackOptions } from './stack.js';

// Without services: those have their own tests and the end-to-end ones. Here is what the stack itself promises.
let options: StackOptions;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'arena-stack-'));
  await chmod(folder, 0o711);
  options = { folder: join(folder, '.arena'), port: await freePort(), only: [], build: false };
});
afterAll(() => rm(join(options.folder, '..'), { recursive: true, force: true }));

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** What the demo wallets have, as the chain itself says. */
async function tokensOf({ chain, wallets }: Stack): Promise<bigint[]> {
  const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true });
  const balanceOf = contractsOf(chain.deployment, provider).token.getFunction('balanceOf');
  const amounts = await Promise.all(wallets.map(({ address }) => balanceOf(address) as Promise<bigint>));
  provider.destroy();
  return amounts;
}

it('refuses a second stack on the same folder, keeps data and addresses between runs, and stops whole', async () => {
  const first = await startStack(options);
  await expect(startStack({ ...options, port: await freePort() })).rejects.toThrow(
    /^a stack already runs here \(pid \d+\)/,
  );
  expect(holderOf(join(options.folder, 'lock'))).toBe(process.pid);
  await sql(first.postgres.adminUrl, 'create table public.kept as select 42 as answer');
  expect(await (await fetch(`${first.origin}/healthz`)).json()).toEqual({ status: 'ok' });
  const tokens = await tokensOf(first);
  expect(tokens.every(amount => amount > 0n)).toBe(true);
  await first.stop();
  expect(holderOf(join(options.folder, 'lock'))).toBeUndefined();
  expect(await isFree(options.port)).toBe(true);
  await expect(sql(first.postgres.adminUrl, 'select 1')).rejects.toThrow();

  const second = await startStack(options);
  expect(second.postgres).toMatchObject({ adminUrl: first.postgres.adminUrl });
  expect(second.s3).toEqual(first.s3);
  expect(second.chain).toEqual(first.chain);
  expect(await tokensOf(second)).toEqual(tokens);
  expect(await sql(second.postgres.adminUrl, 'select answer from public.kept')).toEqual([{ answer: 42 }]);
  expect(await readdir(join(options.folder, 'logs.before'))).toContain('postgres.log');
  await Promise.all([second.stop(), second.stop()]);
});

it('fails in one line when the port of the origin is taken, and leaves nothing running', async () => {
  const other = await startStack(options);
  const elsewhere = { ...options, folder: join(options.folder, '..', 'elsewhere') };
  await expect(startStack(elsewhere)).rejects.toThrow(
    `the public origin: port ${options.port} of 127.0.0.1 is taken; choose another with --port or ARENA_PORT`,
  );
  expect(holderOf(join(elsewhere.folder, 'lock'))).toBeUndefined();
  await other.stop();
});

it('takes everything down again when one part cannot be had', async () => {
  const broken: StackOptions = { ...options, external: { redisUrl: 'redis://127.0.0.1:1' } };
  await expect(startStack(broken)).rejects.toThrow(/^REDIS_URL is set, and no Redis answers there/);
  const whole = await startStack(options);
  await whole.stop();
});
