import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '@arena/auth';
import { FaucetGrant, type KeyId, type Wallet } from '@arena/contracts';
import { type Database, pgDatabase } from '@arena/db';
import { testArenaChain, testDatabase, waitFor, type ArenaChain, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openFaucet, type Faucet } from '../chain/faucet.js';
import type { Env } from '../env.js';
import { migrations } from '../migrations.js';
import { FaucetController } from './faucet-controller.js';

const TOKENS = 5n * 10n ** 18n;
const GAS = 10n ** 17n;

let chain: ArenaChain;
let place: TestDatabase;
let folder: string;
let database: Database;
let faucet: Faucet;
let env: Env;
let now: Date;

const callerOf = (account: string): Caller => ({
  kind: 'session',
  id: 'k' as KeyId,
  account: account as Wallet,
  admin: false,
});
const someone = () =>
  `0x${[...crypto.getRandomValues(new Uint8Array(20))].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
const controller = (open: Faucet | null = faucet) => new FaucetController(database, env, () => now, open);
const nothing = {
  ...{ params: undefined, query: undefined, body: undefined },
  ...{ ifMatch: undefined, lastEventId: undefined, signal: undefined },
};
const ask = (account: string, open: Faucet | null = faucet) =>
  database.transaction(async tx =>
    FaucetGrant.parse(await controller(open).ask({ ...nothing, caller: callerOf(account), tx })),
  );
const read = async (account: string, grant: string) =>
  FaucetGrant.parse(
    await controller().grant({ ...nothing, params: { grant }, caller: callerOf(account), tx: undefined }),
  );

beforeAll(async () => {
  [chain, place] = await Promise.all([
    testArenaChain({ blockTime: 1 }),
    testDatabase({ service: 'rewards-service', migrations }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'arena-faucet-'));
  const file = join(folder, 'deployment.json');
  await writeFile(file, JSON.stringify(chain.deployment));
  database = pgDatabase({ url: place.appUrl });
  env = {
    ...{ DATABASE_URL: place.appUrl, RPC_URLS: [], RPC_URL: chain.url, CHAIN_ID: chain.chainId },
    ...{ DEPLOYMENT_FILE: file, FINALITY: 'tag', FAUCET_KEY: chain.purses.holder.privateKey },
    ...{ FAUCET_TOKENS: TOKENS, FAUCET_GAS: GAS, FAUCET_GRANTS_PER_DAY: 2 },
  } as unknown as Env;
  faucet = openFaucet(env, () => undefined) as Faucet;
});
beforeEach(() => void (now = new Date('2026-03-01T23:59:00Z')));
afterAll(async () => {
  await faucet.close();
  await database.close();
  await Promise.all([chain.stop(), place.drop(), rm(folder, { recursive: true })]);
});

it('gives tokens and gas, once, and shows the transactions', async () => {
  const account = someone();
  const { grant, transactions } = await ask(account);
  expect(transactions).toMatchObject([
    { gives: 'gas', status: 'waiting', hash: null },
    { gives: 'tokens', status: 'waiting', hash: null },
  ]);
  const done = await waitFor(
    async () => {
      const seen = await read(account, grant);
      return seen.transactions.every(({ status }) => status === 'done') && seen;
    },
    { timeoutMs: 20_000 },
  );
  expect(done.transactions.map(({ hash }) => hash)).toEqual([
    expect.stringMatching(/^0x/),
    expect.stringMatching(/^0x/),
  ]);
  expect(await chain.provider.getBalance(account)).toBe(GAS);
  expect(await chain.as('holder').token.getFunction('balanceOf')(account)).toBe(TOKENS);
});

it('gives an account so much in a day of UTC, and goes on the next, however many ask at once', async () => {
  const account = someone();
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => ask(account)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  await expect(ask(account)).rejects.toMatchObject({ code: 'faucet/limit' });
  await ask(someone());
  now = new Date('2026-03-02T00:00:00Z');
  await ask(account);
});

it('shows a grant to its account alone', async () => {
  const account = someone();
  const { grant } = await ask(account);
  await expect(read(someone(), grant)).rejects.toMatchObject({ code: 'resource/not-found' });
});

it('gives nothing where it is closed, and says so', async () => {
  await expect(ask(someone(), null)).rejects.toMatchObject({ code: 'faucet/closed' });
  const seen = controller(null).get({ ...nothing, caller: callerOf(someone()), tx: undefined });
  expect(seen).toEqual({ open: false, tokens: String(TOKENS), gas: String(GAS), grantsPerDay: 2 });
});
