import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';
import { testDatabase, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes32, GENESIS, BLOCK_SECONDS, openToldChain, timeOf, told, wallet, type ToldChain } from '../fixture/told-chain.js'; // prettier-ignore

const migrations = [...libraryMigrations, { directory: fileURLToPath(new URL('../../migrations', import.meta.url)) }];
const at = (block: number) => GENESIS + block * BLOCK_SECONDS;
const [admin, operator, delegator, stranger] = [1, 2, 3, 4].map(wallet) as [string, string, string, string];
const pool = { program: 0, task: 1, role: 1, operator };

let test: TestDatabase;
let chain: ToldChain;

beforeAll(async () => {
  test = await testDatabase({ service: 'chain-indexer', migrations });
  chain = await openToldChain(test.appUrl);
});
afterAll(async () => {
  await chain.close();
  await test.drop();
});

describe('before the first block', () => {
  it('lists are empty, and the status says that nothing is known', async () => {
    expect(await chain.ask('chain.stakes.list')).toEqual({ items: [], next: null });
    expect(await chain.ask('chain.status')).toMatchObject({ chainId: 31_337, head: null, finalised: 0, lag: null, halted: null }); // prettier-ignore
    expect(await chain.ask('chain.accounts.get', { params: { account: admin } })).toMatchObject({
      gm: '0',
      staked: [],
    });
  });
});

describe('locks', () => {
  it('are open ones alone, each as its changes left it', async () => {
    const lock = (id: number, locked: number, gm: number, totals: [number, number]) =>
      told('lock_changes', {
        account: operator, lock: id, locked_delta: locked, locked_total: totals[0], gm_delta: gm, gm_total: totals[1],
        ends_at: at(100 + id),
      }); // prettier-ignore
    await chain.block([lock(1, 100, 150, [100, 150]), lock(2, 50, 50, [150, 200])]);
    await chain.block([lock(1, -100, -150, [50, 50]), lock(2, -10, -10, [40, 40]), lock(3, 5, 5, [45, 45])]);
    const first = await chain.ask('chain.locks.list', { query: { account: operator, limit: 1 } });
    expect(first.items).toMatchObject([{ lock: '2', locked: '40', gm: '40', endsAt: timeOf(102), block: 2 }]);
    const query = { account: operator, limit: 1, cursor: first.next };
    expect(await chain.ask('chain.locks.list', { query })).toMatchObject({ items: [{ lock: '3' }], next: null });
  });
});

describe('a pool', () => {
  const cut = (ppm: number, effective: number) => told('cut_changes', { ...pool, cut_ppm: ppm, effective_at: at(effective) }); // prettier-ignore
  const read = async () =>
    chain.ask('chain.pools.get', { params: { operator }, query: { task: 1, role: 'validator' } });

  it('has the cut that took effect, and the one that is announced', async () => {
    const stake = { program: 0, task: 1, role: 1, account: operator, delta: 7, total: 7 };
    await chain.block([told('stake_changes', stake), cut(100, 5)]);
    expect(await read()).toMatchObject({ own: '7', cut: null, announcedCut: { cutPpm: 100 }, since: timeOf(3) });
    await chain.block();
    await chain.block();
    expect(await read()).toMatchObject({ cut: { cutPpm: 100, effectiveAt: timeOf(5) }, announcedCut: null });
  });

  it('never had a cut that another one followed before it took effect', async () => {
    await chain.block([cut(200, 9)]);
    await chain.block([cut(300, 10)]);
    for (let i = 0; i < 2; i++) await chain.block();
    expect(await read()).toMatchObject({ cut: { cutPpm: 100 }, announcedCut: { cutPpm: 300 }, block: 3 });
    await chain.block();
    expect(await read()).toMatchObject({ cut: { cutPpm: 300 }, announcedCut: null });
  });
});

describe('undelegations', () => {
  it('are those that still wait', async () => {
    const waiting = { ...pool, account: delegator };
    await chain.block([told('undelegation_changes', { ...waiting, delta: 5, total: 5, ready_at: at(40) })]);
    const { items } = await chain.ask('chain.undelegations.list', { query: { account: delegator } });
    expect(items).toMatchObject([{ operator, account: delegator, total: '5', readyAt: timeOf(40) }]);
    await chain.block([told('undelegation_changes', { ...waiting, delta: -5, total: 0, ready_at: at(40) })]);
    expect((await chain.ask('chain.undelegations.list', { query: { account: delegator } })).items).toEqual([]);
  });
});

describe('a task of the registry', () => {
  const times = { opens_at: at(50), closes_at: at(60), final_ends_at: at(70) };

  it('shows what transactions made of it, and every step', async () => {
    const created = told('task_changes', { task: 1, change: 'created', other: admin, amount: 5, bounty: 5 });
    await chain.block([created, told('task_changes', { task: 1, change: 'verified' })]);
    await chain.block([told('task_changes', { task: 1, change: 'opened', spec_hash: bytes32(9), ...times })]);
    const params = { task: 1 };
    expect(await chain.ask('chain.tasks.get', { params })).toMatchObject({
      status: 'opened', creator: admin, bounty: '5', specHash: bytes32(9), rankingRoot: null,
      schedule: { opensAt: timeOf(50), closesAt: timeOf(60), finalEndsAt: timeOf(70) },
    }); // prettier-ignore
    const first = await chain.ask('chain.tasks.history', { params, query: { limit: 2 } });
    const rest = await chain.ask('chain.tasks.history', { params, query: { limit: 2, cursor: first.next } });
    expect([...first.items, ...rest.items].map(item => item.change)).toEqual(['created', 'verified', 'opened']);
    expect(rest.next).toBeNull();
  });

  it('is unknown before its first transaction', async () => {
    for (const route of ['chain.tasks.get', 'chain.tasks.history'] as const)
      await expect(chain.ask(route, { params: { task: 2 } })).rejects.toThrow('not-found');
  });
});

describe('roots and claims', () => {
  it('tell how each epoch stands and who was paid', async () => {
    const root = (epoch: number) => ({ epoch, root: bytes32(epoch) });
    const submitted = (epoch: number) =>
      told('root_changes', {
        ...root(epoch), change: 'submitted', total: epoch * 10, evidence_hash: bytes32(7), uri: 's3://e', active_at: at(90),
      }); // prettier-ignore
    const block = await chain.block([submitted(1), submitted(2)]);
    await chain.block([told('root_changes', { ...root(1), change: 'activated', total: 10, minted: 8 })]);
    await chain.block([told('root_changes', { ...root(2), change: 'disabled' })]);
    const first = await chain.ask('chain.roots.list', { query: { limit: 1 } });
    expect(first.items).toMatchObject([{ epoch: 2, status: 'disabled', total: '20', submitted: { block } }]);
    const second = await chain.ask('chain.roots.list', { query: { limit: 1, cursor: first.next } });
    expect(second).toMatchObject({
      items: [{ epoch: 1, status: 'activated', minted: '8', uri: 's3://e' }],
      next: null,
    });
    expect(await chain.ask('chain.roots.get', { params: { epoch: 1 } })).toEqual(second.items[0]);
    await expect(chain.ask('chain.roots.get', { params: { epoch: 3 } })).rejects.toThrow('not-found');
  });

  it('lists claims newest first, of one account or of all', async () => {
    const claim = (account: string, amount: number, cumulative: number) =>
      told('claims', { account, epoch: 1, root: bytes32(1), amount, cumulative });
    await chain.block([claim(operator, 3, 3), claim(delegator, 2, 2)]);
    await chain.block([claim(operator, 4, 7)]);
    const first = await chain.ask('chain.claims.list', { query: { limit: 2 } });
    expect(first.items.map(one => [one.account, one.amount])).toEqual([[operator, '4'], [delegator, '2']]); // prettier-ignore
    const rest = await chain.ask('chain.claims.list', { query: { limit: 2, cursor: first.next } });
    expect(rest).toMatchObject({ items: [{ account: operator, amount: '3' }], next: null });
    const own = await chain.ask('chain.claims.list', { query: { account: operator } });
    expect(own.items.map(one => one.cumulative)).toEqual(['7', '3']);
  });
});

describe('cases', () => {
  it('are against one account, whomever they slash', async () => {
    const accusation = { case_id: bytes32(1), task: 1 };
    const opening = { program: 0, role: 1, ppm: 50_000, delegation_ppm: 1_000, evidence_hash: bytes32(3), reporter: stranger, executable_at: at(80) }; // prettier-ignore
    const opened = await chain.block([told('case_changes', { ...accusation, account: operator, change: 'opened', ...opening })]); // prettier-ignore
    const slashed = (account: string, gm: number) =>
      told('case_changes', { ...accusation, account, change: 'slashed', gm, released: gm - 1, reporter_share: 0 });
    const last = await chain.block([slashed(operator, 5), slashed(delegator, 3)]);
    const { items } = await chain.ask('chain.cases.list', { query: { account: operator, task: 1 } });
    expect(items).toMatchObject([
      { case: bytes32(1), account: operator, status: 'slashed', gm: '8', released: '6', opened: { block: opened }, block: last },
    ]); // prettier-ignore
    expect((await chain.ask('chain.cases.list', { query: { account: delegator } })).items).toEqual([]);
  });
});

describe('an account', () => {
  it('is summed up from everything it holds', async () => {
    await chain.block([
      told('delegation_changes', { ...pool, account: delegator, delta: 6, total: 6 }),
      told('delegation_changes', { ...pool, account: stranger, delta: 4, total: 4 }),
    ]);
    const of = (account: string) => chain.ask('chain.accounts.get', { params: { account } });
    expect(await of(operator)).toMatchObject({
      locked: '45', gm: '45', claimed: '7', claims: 2, delegated: [],
      staked: [{ program: 0, task: 1, role: 'validator', total: '7' }],
      received: [{ program: 0, task: 1, role: 'validator', total: '10', delegators: 2 }],
    }); // prettier-ignore
    expect(await of(delegator)).toMatchObject({ staked: [], delegated: [{ operator, total: '6' }], claimed: '2' });
  });
});

describe('a fork', () => {
  it('takes its facts away, and what comes instead is told with its own block', async () => {
    const stake = (total: number) => told('stake_changes', { program: 0, task: 9, role: 0, account: stranger, delta: total, total }); // prettier-ignore
    const read = async () => (await chain.ask('chain.stakes.list', { query: { task: 9 } })).items;
    const block = await chain.block([stake(5)]);
    await chain.block();
    expect(await read()).toMatchObject([{ total: '5', block, confirmations: 2, blockHash: bytes32(block) }]);
    await chain.rewind(block - 1);
    expect(await read()).toEqual([]);
    await expect(chain.ask('chain.stakes.list', { query: { atBlock: block } })).rejects.toThrow('chain/not-reached');
    await chain.block([stake(6)], 1);
    expect(await read()).toMatchObject([
      { total: '6', block, confirmations: 1, blockHash: bytes32(block + 1_000_000) },
    ]);
    const history = await chain.ask('chain.stakes.history', { query: { account: stranger } });
    expect(history.items.map(one => one.total)).toEqual(['6']);
  });

  it('shifts no page that was begun before it', async () => {
    const stakes = [11, 12, 13, 14].map(n => told('stake_changes', { program: 0, task: 10, role: 0, account: wallet(n), delta: 1, total: 1 })); // prettier-ignore
    await chain.block(stakes.slice(0, 3));
    await chain.block(stakes.slice(3));
    const first = await chain.ask('chain.stakes.list', { query: { task: 10, limit: 2 } });
    await chain.block([told('stake_changes', { program: 0, task: 10, role: 0, account: wallet(10), delta: 1, total: 1 })]); // prettier-ignore
    const rest = await chain.ask('chain.stakes.list', { query: { task: 10, limit: 2, cursor: first.next } });
    expect([...first.items, ...rest.items].map(one => one.account)).toEqual([11, 12, 13, 14].map(wallet));
  });
});

describe('the status', () => {
  it('tells what the follower knows, and why it stands still', async () => {
    const seen = (number: number) => ({ number, hash: bytes32(number), at: new Date(timeOf(number)) });
    Object.assign(chain.status, { state: 'halted', halted: 'a reorganisation below finality', head: seen(3), nodeHead: seen(8) }); // prettier-ignore
    chain.status.providers = () => [
      { name: '1 node.example', state: 'up', head: 8, failures: 0, lastFault: null, latencyMs: 3 },
    ];
    expect(await chain.ask('chain.status')).toMatchObject({
      state: 'halted', halted: 'a reorganisation below finality', lag: { blocks: 5, seconds: 50 }, head: { block: 3 },
      providers: [{ name: '1 node.example', state: 'up', head: 8 }],
    }); // prettier-ignore
  });
});
