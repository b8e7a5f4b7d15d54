import { testDatabase, rng, type TestDatabase } from '@arena/testing';
import { libraryMigrations } from '@arena/service';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BLOCK_SECONDS,
  openToldChain,
  timeOf,
  told,
  wallet,
  type Told,
  type ToldChain,
} from '../fixture/told-chain.js';

const migrations = [...libraryMigrations, { directory: fileURLToPath(new URL('../../migrations', import.meta.url)) }];

let test: TestDatabase;
let chain: ToldChain;

/** The naive way: after each block, every total as it then was. */
interface Snapshot {
  stakes: Map<string, bigint>;
  delegations: Map<string, bigint>;
}
const snapshots: Snapshot[] = [{ stakes: new Map(), delegations: new Map() }];
const BLOCKS = 60;
const FINALISED = 45;
const TASK = 7;

beforeAll(async () => {
  test = await testDatabase({ service: 'chain-indexer', migrations });
  chain = await openToldChain(test.appUrl);
  const draw = rng(20261121);
  for (let number = 1; number <= BLOCKS; number++) {
    const last = snapshots.at(-1)!;
    const now: Snapshot = { stakes: new Map(last.stakes), delegations: new Map(last.delegations) };
    const logs: Told[] = [];
    for (let i = draw.below(4); i > 0; i--) {
      const [role, account, operator] = [draw.below(2), wallet(1 + draw.below(9)), wallet(1 + draw.below(3))];
      const total = draw.chance(0.2) ? 0n : BigInt(draw.below(1_000)) * 10n ** 18n + BigInt(draw.below(1_000));
      const delegates = draw.chance(0.5);
      const [sums, key] = delegates
        ? [now.delegations, `${role}/${operator}/${account}`]
        : [now.stakes, `${role}/${account}`];
      const change = { program: 0, task: TASK, role, account, delta: String(total - (sums.get(key) ?? 0n)), total: String(total) }; // prettier-ignore
      logs.push(delegates ? told('delegation_changes', { ...change, operator }) : told('stake_changes', change));
      sums.set(key, total);
    }
    snapshots.push(now);
    await chain.block(logs);
  }
  await chain.finalise(FINALISED);
});
afterAll(async () => {
  await chain.close();
  await test.drop();
});

async function all<T>(ask: (cursor: object) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await ask(cursor ? { cursor } : {});
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

const held = (sums: Map<string, bigint>) =>
  [...sums].filter(([, total]) => total > 0n).map(([key, total]) => `${key}=${total}`).sort(); // prettier-ignore
const roleOf = (role: string) => (role === 'trainer' ? 0 : 1);

describe('stakes and delegations', () => {
  it.each([1, 13, FINALISED, BLOCKS - 1, BLOCKS])('are those after block %i when it is asked for', async atBlock => {
    const query = { task: TASK, atBlock, limit: 3 };
    const stakes = await all(cursor => chain.ask('chain.stakes.list', { query: { ...query, ...cursor } }));
    expect(stakes.map(stake => `${roleOf(stake.role)}/${stake.account}=${stake.total}`)).toEqual(
      held(snapshots[atBlock]!.stakes),
    );
    const given = await all(cursor => chain.ask('chain.delegations.list', { query: { ...query, ...cursor } }));
    expect(given.map(one => `${roleOf(one.role)}/${one.operator}/${one.account}=${one.total}`)).toEqual(
      held(snapshots[atBlock]!.delegations),
    );
  });

  it('are the newest when no block is asked for', async () => {
    const { items } = await chain.ask('chain.stakes.list', { query: { limit: 200 } });
    expect(items.map(stake => `${roleOf(stake.role)}/${stake.account}=${stake.total}`)).toEqual(
      held(snapshots[BLOCKS]!.stakes),
    );
  });

  it('are found by account, operator and role', async () => {
    const newest = held(snapshots[BLOCKS]!.delegations);
    for (const role of ['trainer', 'validator'])
      for (const operator of [1, 2, 3].map(wallet)) {
        const { items } = await chain.ask('chain.delegations.list', { query: { operator, role, limit: 200 } });
        const key = `${roleOf(role)}/${operator}/`;
        expect(items.map(one => `${key}${one.account}=${one.total}`)).toEqual(
          newest.filter(one => one.startsWith(key)),
        );
      }
    const { items } = await chain.ask('chain.delegations.list', { query: { account: wallet(4), limit: 200 } });
    expect(items.map(one => `${roleOf(one.role)}/${one.operator}/${one.account}=${one.total}`)).toEqual(
      newest.filter(one => one.includes(`/${wallet(4)}=`)),
    );
  });

  it('are not told of blocks that are not indexed yet', async () => {
    for (const route of ['chain.stakes.list', 'chain.delegations.list'] as const)
      await expect(chain.ask(route, { query: { atBlock: BLOCKS + 1 } })).rejects.toThrow('chain/not-reached');
  });

  it('tell how safe each of them is', async () => {
    const { items } = await chain.ask('chain.stakes.list', { query: { limit: 200 } });
    expect(new Set(items.map(item => item.finalised))).toEqual(new Set([true, false]));
    for (const { block, confirmations, finalised, blockHash, time } of items)
      expect([confirmations, finalised, Number(BigInt(blockHash)), time]).toEqual([
        BLOCKS - block + 1,
        block <= FINALISED,
        block,
        timeOf(block),
      ]);
  });

  it('have a history in which every total follows from the one before', async () => {
    const account = wallet(5);
    const changes = await all(cursor =>
      chain.ask('chain.stakes.history', { query: { account, role: 'trainer', task: TASK, limit: 1, ...cursor } }),
    );
    expect(changes.length).toBeGreaterThan(1);
    const oldestFirst = [...changes].reverse();
    let total = 0n;
    for (const change of oldestFirst) {
      total += BigInt(change.delta);
      expect(change.total).toBe(String(total));
    }
    expect(total).toBe(snapshots[BLOCKS]!.stakes.get(`0/${account}`));
    const given = await all(cursor =>
      chain.ask('chain.delegations.history', { query: { operator: wallet(1), limit: 4, ...cursor } }),
    );
    expect(given.map(one => one.block)).toEqual([...given.map(one => one.block)].sort((a, b) => b - a));
  });
});

describe('weights', () => {
  /** Second by second. A block counts from its own second on. */
  function naive(
    sums: (snapshot: Snapshot) => Map<string, bigint>,
    role: number,
    from: number,
    to: number,
    upTo: number,
  ) {
    const weights = new Map<string, bigint>();
    for (let second = from; second < to; second++) {
      const block = Math.min(upTo, Math.floor(second / BLOCK_SECONDS));
      for (const [key, total] of sums(snapshots[block]!)) {
        if (key.startsWith(`${role}/`)) weights.set(key.slice(2), (weights.get(key.slice(2)) ?? 0n) + total);
      }
    }
    return [...weights].filter(([, weight]) => weight > 0n).map(([key, weight]) => `${key}=${weight}`).sort(); // prettier-ignore
  }
  const instant = (second: number) => new Date(Date.parse(timeOf(0)) + second * 1_000).toISOString();
  const sumsOf = { stakes: (one: Snapshot) => one.stakes, delegations: (one: Snapshot) => one.delegations };

  it('are stake × seconds exactly, wherever the boundaries fall', async () => {
    const draw = rng(4711);
    const end = FINALISED * BLOCK_SECONDS;
    for (let i = 0; i < 60; i++) {
      const [a, b] = [draw.below(end), 1 + draw.below(end)];
      const [from, to] = a < b ? [a, b] : [b - 1, a + 1];
      const of = draw.pick(['stakes', 'delegations'] as const);
      const role = draw.below(2);
      const query = { task: TASK, role: ['trainer', 'validator'][role], from: instant(from), to: instant(to), of };
      const weights = await all(cursor => chain.ask('chain.weights', { query: { ...query, limit: 3, ...cursor } }));
      const said = weights.map(
        ({ operator, account, weight }) => `${operator ? `${operator}/` : ''}${account}=${weight}`,
      );
      expect([i, of, from, to, said]).toEqual([i, of, from, to, naive(sumsOf[of], role, from, to, FINALISED)]);
    }
  });

  it('add up over epochs that touch', async () => {
    const weigh = async (from: number, to: number) => {
      const query = { task: TASK, role: 'trainer', from: instant(from), to: instant(to), limit: 200 };
      const { items } = await chain.ask('chain.weights', { query });
      return new Map(items.map(({ account, weight }) => [account, BigInt(weight)]));
    };
    const [first, second, both] = [await weigh(33, 180), await weigh(180, 402), await weigh(33, 402)];
    for (const [account, weight] of both) expect((first.get(account) ?? 0n) + (second.get(account) ?? 0n)).toBe(weight);
  });

  it('end where finality does, and say so', async () => {
    const query = { task: TASK, role: 'validator', from: instant(100), to: instant(10_000), limit: 200 };
    const final = await chain.ask('chain.weights', { query });
    expect(final).toMatchObject({ until: timeOf(FINALISED), complete: false, block: FINALISED, finalised: true });
    expect(final.items.map(({ account, weight }) => `${account}=${weight}`)).toEqual(
      naive(sumsOf.stakes, 1, 100, FINALISED * BLOCK_SECONDS, FINALISED),
    );
    const latest = await chain.ask('chain.weights', { query: { ...query, finality: 'latest' } });
    expect(latest).toMatchObject({ until: timeOf(BLOCKS), complete: false, block: BLOCKS, finalised: false });
    expect(latest.items.map(({ account, weight }) => `${account}=${weight}`)).toEqual(
      naive(sumsOf.stakes, 1, 100, BLOCKS * BLOCK_SECONDS, BLOCKS),
    );
    const past = await chain.ask('chain.weights', { query: { ...query, to: instant(200) } });
    expect(past).toMatchObject({ until: instant(200), complete: true });
  });

  it('are not given for a time that has not begun', async () => {
    const query = { task: TASK, role: 'trainer', from: timeOf(FINALISED), to: timeOf(FINALISED + 1) };
    await expect(chain.ask('chain.weights', { query })).rejects.toThrow('chain/not-reached');
    await expect(chain.ask('chain.weights', { query: { ...query, to: timeOf(1) } })).rejects.toThrow('later than from');
  });
});

describe('pools', () => {
  it('are own stake and the sum of what was delegated', async () => {
    const pools = await all(cursor => chain.ask('chain.pools.list', { query: { task: TASK, limit: 2, ...cursor } }));
    const { stakes, delegations } = snapshots[BLOCKS]!;
    const expected = [...stakes].flatMap(([key, own]) => {
      const given = [...delegations].filter(([one, total]) => one.startsWith(`${key}/`) && total > 0n);
      const delegated = given.reduce((sum, [, total]) => sum + total, 0n);
      return own > 0n || delegated > 0n ? [`${key} ${own} ${delegated} ${given.length}`] : [];
    });
    expect(pools.map(pool => `${roleOf(pool.role)}/${pool.operator} ${pool.own} ${pool.delegated} ${pool.delegators}`)).toEqual(expected.sort()); // prettier-ignore
    const one = pools[0]!;
    const query = { task: TASK, role: one.role };
    expect(await chain.ask('chain.pools.get', { params: { operator: one.operator }, query })).toEqual(one);
    await expect(chain.ask('chain.pools.get', { params: { operator: wallet(99) }, query })).rejects.toThrow(
      'not-found',
    );
  });
});
