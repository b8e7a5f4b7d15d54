// The follower on a real chain: the arena's own contracts on anvil, its reorganisations, real processes and real kills.
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startProviders, type Providers } from '@arena/chain';
import { type Database, pgDatabase } from '@arena/db';
import { testArenaChain, testDatabase, type ArenaChain, type TestDatabase } from '@arena/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChainStatus } from './chain/status.js';
import { announceSome } from './jobs/announce.js';
import { actionsOn, ONE, type Actions } from './fixture/actions.js';
import { createFollower, type Follower } from './jobs/follow.js';
import { rebuild } from './jobs/rebuild.js';
import { migrations } from './migrations.js';
import { writerLock } from './store/writer-lock.js';
import { followed } from './subject.js';

const CONFIRMATIONS = 6;

let chain: ArenaChain;
let providers: Providers;
let test: TestDatabase;
let database: Database;
let admin: pg.Client;
let status: ChainStatus;
let follower: Follower;
let actions: Actions;

beforeAll(async () => {
  chain = await testArenaChain();
  actions = actionsOn(chain);
  providers = startProviders({ urls: [chain.url], chainId: chain.chainId, probeMs: 0 });
});
afterAll(async () => {
  providers.close();
  await chain.stop();
});
beforeEach(async () => {
  test = await testDatabase({
    service: 'chain-indexer',
    migrations: migrations.map(each => ({ name: 'own', ...each })),
  });
  database = pgDatabase({ url: test.appUrl, max: 3 });
  admin = new pg.Client({ connectionString: test.ownerUrl });
  await admin.connect();
  status = new ChainStatus();
  follower = createFollower({ ...followed(chain.deployment), database, providers, finality: CONFIRMATIONS, status });
});
afterEach(async () => {
  await database.close();
  await admin.end();
  await test.drop();
});

const settled = async () => {
  while ((await follower.round()) === 'more') continue;
};
const count = async (table: string): Promise<number> =>
  (await admin.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0;
const reorg = (depth: number) => chain.provider.send('anvil_reorg', [depth, []]);

async function grant(): Promise<void> {
  const owner = new pg.Client({ connectionString: test.adminUrl });
  await owner.connect();
  await owner.query(`grant create on database ${test.database} to chain_owner`);
  await owner.end();
}

/** Whether the tables equal a rebuild, up to what is final; as the command would do it. */
async function rebuilt(): Promise<string[]> {
  await grant();
  const parts = { ...followed(chain.deployment), ownerUrl: test.ownerUrl, providers, finality: 1 };
  const { tables } = await rebuild({ ...parts, say: () => undefined });
  return tables.filter(({ equal }) => !equal).map(({ table }) => table);
}

describe('on a chain with the arena on it', () => {
  it('knows who staked, locked and opened what, and from when', async () => {
    const task = await actions.stake();
    await settled();
    const { rows } = await admin.query(
      'select account, delta, total, ordinal, weight, role from stake_changes where task = $1',
      [task],
    );
    const account = chain.purses.trainer.address;
    const total = String(100n * ONE);
    expect(rows).toEqual([{ account, delta: total, total, ordinal: '1', weight: '0', role: 0 }]);
    const changes = await admin.query('select change from task_changes where task = $1 order by ordinal', [task]);
    expect(changes.rows.map(({ change }: { change: string }) => change)).toEqual(['created', 'verified', 'opened']);
    expect(await count('lock_changes')).toBeGreaterThan(0);
    expect(status.snapshot()).toMatchObject({ state: 'following', lagBlocks: 0, halted: null });
    expect(status.finalised).toBe(status.head!.number - CONFIRMATIONS);
  });

  it('follows a real reorganisation: what it dropped is gone, and nothing else', async () => {
    await settled();
    const task = await actions.stake();
    await settled();
    const before = await count('stake_changes');
    // The last two blocks: the stake, and the approval before it.
    await reorg(2);
    await settled();
    expect(await count('stake_changes')).toBe(before - 1);
    expect(status.rewinds).toBe(1);
    await actions.call('trainer', 'escrow', 'approve')(chain.deployment.contracts.staking, 100n * ONE);
    await actions.call('trainer', 'staking', 'stake')(0, task, 0, 100n * ONE);
    await chain.mine(CONFIRMATIONS);
    await settled();
    expect(await count('stake_changes')).toBe(before);
    expect(await rebuilt()).toEqual([]);
  });

  it('halts at a reorganisation one block below what is final, and writes nothing', async () => {
    await actions.stake();
    await settled();
    const snapshot = async () =>
      (await admin.query('select p, (select jsonb_agg(b) from blocks b) as b from progress p')).rows;
    const before = await snapshot();
    await reorg(CONFIRMATIONS + 1);
    expect(await follower.round()).toBe('halted');
    expect(status).toMatchObject({ state: 'halted', halts: 1 });
    expect(status.halted).toMatch(/is final/);
    expect(await follower.round()).toBe('halted');
    expect(status.halts).toBe(1);
    expect(await snapshot()).toEqual(before);
  });
});

describe('announcing', () => {
  const messages = async () =>
    (
      await admin.query<{ m: { name: string; entity: string; entityVersion: number; payload: { block: number } } }>(
        `select message as m from outbox where message ->> 'name' <> 'stake.seen.v1' order by id`,
      )
    ).rows.map(({ m }) => m);
  const announceAll = async () => {
    while ((await announceSome(database)) !== 'nothing') continue;
  };

  it('tells what is final, in the order of the chain, once; and nothing that could be undone', async () => {
    await chain.mine(CONFIRMATIONS);
    const task = await actions.stake();
    await settled();
    await announceAll();
    const early = await messages();
    expect(early.every(({ payload }) => payload.block <= status.finalised!)).toBe(true);
    expect(early.some(({ entity }) => entity.startsWith(`stake:0:${task}:`))).toBe(false);
    await chain.mine(CONFIRMATIONS);
    await settled();
    await announceAll();
    await announceAll();
    const all = await messages();
    expect(all.map(({ payload }) => payload.block)).toEqual(
      all.map(({ payload }) => payload.block).sort((a, b) => a - b),
    );
    const ours = all.filter(
      ({ entity }) => entity === `registered-task:${task}` || entity.startsWith(`stake:0:${task}:`),
    );
    expect(ours.map(({ name, entityVersion }) => `${name} ${entityVersion}`)).toEqual([
      'task.registered.v1 1', 'task.registered.v1 2', 'task.registered.v1 3', 'stake.changed.v1 1',
    ]); // prettier-ignore
    expect(new Set(all.map(({ entity, entityVersion }) => `${entity} ${entityVersion}`)).size).toBe(all.length);
  });

  it('leaves the mark where it was when it dies before the commit', async () => {
    await chain.mine(CONFIRMATIONS);
    await settled();
    const die = () => {
      throw new Error('killed');
    };
    await expect(announceSome(database, die)).rejects.toThrow('killed');
    expect(await messages()).toEqual([]);
    await Promise.all([announceAll(), announceAll()]);
    const all = await messages();
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ entity, entityVersion }) => `${entity} ${entityVersion}`)).size).toBe(all.length);
  });
});

describe('one writer', () => {
  it('holds the lock, and another takes over when its connection ends', async () => {
    const [one, two] = [writerLock(test.appUrl, 1), writerLock(test.appUrl, 1)];
    expect([await one.held(), await two.held(), await one.held()]).toEqual([true, false, true]);
    const owner = new pg.Client({ connectionString: test.adminUrl });
    await owner.connect();
    await owner.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid in
      (select pid from pg_stat_activity where datname = current_database())`);
    await owner.end();
    await expect.poll(() => two.held()).toBe(true);
    expect(await one.held().catch(() => false)).toBe(false);
    await two.release();
    await expect.poll(() => one.held()).toBe(true);
    await one.release();
  });

  it('refuses tables that are of other contracts', async () => {
    await settled();
    const other = { ...chain.deployment, startBlock: chain.deployment.startBlock + 1 };
    const stranger = createFollower({ ...followed(other), database, providers, finality: 2, status });
    expect(await stranger.round()).toBe('halted');
    expect(status.halted).toMatch(/the tables are of chain/);
  });
});

describe('a rebuild', () => {
  it('says which rows differ, and leaves nothing behind', async () => {
    await actions.stake();
    await chain.mine(CONFIRMATIONS + 2);
    await settled();
    expect(await rebuilt()).toEqual([]);
    await admin.query(
      'update stake_changes set total = total + 1 where ordinal = 1 and block = (select min(block) from stake_changes)',
    );
    expect(await rebuilt()).toEqual(['stake_changes']);
    await admin.query('delete from task_changes where block = (select min(block) from task_changes)');
    expect(await rebuilt()).toEqual(['stake_changes', 'task_changes']);
    const { rows } = await admin.query(`select 1 from pg_namespace where nspname = 'chain_rebuild'`);
    expect(rows).toEqual([]);
  });
});

// Each starts a process of its own, which takes seconds on a busy machine.
describe('a follower that is killed', { timeout: 120_000 }, () => {
  const worker = fileURLToPath(new URL('./fixture/follower-worker.ts', import.meta.url));

  async function run(crashAt: string): Promise<string> {
    const file = join(await mkdtemp(join(tmpdir(), 'arena-follower-')), 'deployment.json');
    await writeFile(file, JSON.stringify(chain.deployment));
    const args = ['--conditions=@arena/source', '--import', 'tsx', worker];
    const place = {
      DATABASE_URL: test.appUrl,
      RPC_URLS: chain.url,
      CHAIN_ID: String(chain.chainId),
      DEPLOYMENT_FILE: file,
    };
    const tsx = { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../../tsconfig.check.json', import.meta.url)) };
    const env = { PATH: process.env['PATH'], ...tsx, ...place, FINALITY: String(CONFIRMATIONS), CRASH_AT: crashAt };
    return promisify(execFile)(process.execPath, args, { env }).then(
      ({ stdout }) => stdout,
      (error: { signal: string | null; stderr: string }) => error.signal ?? error.stderr,
    );
  }

  it.each(['fill.in:1', 'fill.after:1', 'append.in:2', 'finalise.in:1', 'rewind.in:1', 'rewind.after:1'])(
    'at %s leaves what equals a rebuild',
    async crashAt => {
      if (!crashAt.startsWith('fill')) await settled();
      await actions.stake();
      if (crashAt.startsWith('rewind')) {
        await settled();
        await reorg(3);
      }
      expect(await run(crashAt)).toBe('SIGKILL');
      await chain.mine(CONFIRMATIONS);
      await settled();
      expect(status).toMatchObject({ state: 'following', lagBlocks: 0 });
      expect(await rebuilt()).toEqual([]);
    },
  );
});
