import type { MessageOf } from '@arena/contracts';
import { pgDatabase, uuidV7, type Database } from '@arena/db';
import { libraryMigrations } from '@arena/service';
import { rng, testDatabase, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { effectiveStake } from './core/effective-stake.js';
import { stakeMigrations } from './migrations.js';
import { isStaked, stakeOf, stakesOf, sumOfStakes } from './reading.js';
import { SeenStakeHandlers } from './seen-stake-handlers.js';
import { StakeHandlers } from './stake-handlers.js';
import { stakeStanding } from './standing.js';

type StakeMessage = MessageOf<'stake.changed.v1'>;
type SeenMessage = MessageOf<'stake.seen.v1'>;
type DelegationMessage = MessageOf<'delegation.changed.v1'>;

const wallet = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as StakeMessage['payload']['account'];
const hash = `0x${'1'.repeat(64)}`;
const place = { blockHash: hash, blockTime: '2026-01-01T00:00:00.000Z', transaction: hash, logIndex: 0 };
const ids = () => ({ id: uuidV7(), entity: 'e', occurredAt: place.blockTime });

const stake = (account: number, version: number, total: bigint, role: 'trainer' | 'validator' = 'trainer'): StakeMessage => ({
  ...ids(),
  name: 'stake.changed.v1',
  entityVersion: version,
  payload: { program: 0, task: 1, role, account: wallet(account), delta: '0', total: String(total), block: version, ...place },
}); // prettier-ignore
const delegation = (operator: number, account: number, version: number, total: bigint): DelegationMessage => ({
  ...ids(),
  name: 'delegation.changed.v1',
  entityVersion: version,
  payload: {
    program: 0, task: 1, role: 'trainer', operator: wallet(operator), account: wallet(account), delta: '0',
    total: String(total), block: version, ...place,
  },
}); // prettier-ignore

const MINUTE = 60_000;
const soon = (ms: number) => new Date(Date.now() + ms);
const seenStake = (account: number, version: number, total: bigint, block: number, finalAt = soon(MINUTE)): SeenMessage => ({
  ...ids(),
  name: 'stake.seen.v1',
  entityVersion: version,
  payload: {
    program: 0, task: 1, role: 'trainer', account: wallet(account), total: String(total), block, blockHash: hash,
    blockTime: place.blockTime, expectedFinalAt: finalAt.toISOString(),
  },
}); // prettier-ignore

let test: TestDatabase;
let database: Database;
let handlers: StakeHandlers;
let seen: SeenStakeHandlers;

beforeAll(async () => {
  test = await testDatabase({ service: 'submission-service', migrations: [...libraryMigrations, stakeMigrations] });
  database = pgDatabase({ url: test.appUrl, max: 5, applicationName: 'stakes' });
  handlers = new StakeHandlers(database, 'submission-service');
  seen = new SeenStakeHandlers(database, 'submission-service');
});
beforeEach(async () => {
  await database.read.query('DELETE FROM known_stakes');
  await database.read.query('DELETE FROM known_delegations');
  await database.read.query('DELETE FROM seen_stakes');
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

describe('the projection', () => {
  it('ends at the newest version of each, in whatever order events come, twice or at once', async () => {
    const draw = rng(99);
    for (let round = 0; round < 10; round++) {
      await database.read.query('DELETE FROM known_stakes');
      await database.read.query('DELETE FROM known_delegations');
      const newest = { own: new Map<number, bigint>(), delegated: new Map<string, bigint>() };
      const messages: (StakeMessage | DelegationMessage)[] = [];
      for (let version = 1; version <= 6; version++)
        for (const account of [1, 2, 3]) {
          const own = BigInt(draw.below(5));
          newest.own.set(account, own);
          messages.push(stake(account, version, own));
          const given = BigInt(draw.below(5));
          newest.delegated.set(`${account}/9`, given);
          messages.push(delegation(account, 9, version, given));
        }
      const shuffled = [...messages, ...messages.filter(() => draw.chance(0.3))]
        .map(message => ({ message, at: draw.next() }))
        .sort((a, b) => a.at - b.at);
      await Promise.all(
        shuffled.map(({ message }) =>
          message.name === 'stake.changed.v1' ? handlers.stake(message) : handlers.delegation(message),
        ),
      );
      expect(await stakesOf(database.read, 1, 'trainer')).toEqual(
        [1, 2, 3]
          .filter(account => newest.own.get(account))
          .map(account => ({
            account: wallet(account),
            own: newest.own.get(account),
            delegated: newest.delegated.get(`${account}/9`),
          })),
      );
    }
  });
});

describe('who is who on a task', () => {
  it('follows from the own stake alone, in that role, and from its minimum', async () => {
    await handlers.stake(stake(1, 1, 10n));
    await handlers.stake(stake(2, 1, 0n));
    await handlers.delegation(delegation(3, 1, 1, 50n));
    const ask = (role: 'trainer' | 'validator', account: number, minimum?: bigint) =>
      isStaked(database.read, 1, role, wallet(account), minimum);
    expect(await ask('trainer', 1)).toBe(true);
    expect(await ask('trainer', 1, 10n)).toBe(true);
    expect(await ask('trainer', 1, 11n)).toBe(false);
    expect(await ask('validator', 1)).toBe(false);
    expect(await ask('trainer', 2, 0n)).toBe(false);
    expect(await ask('trainer', 3)).toBe(false);
    expect(await stakeOf(database.read, 1, 'trainer', wallet(3))).toBeUndefined();
  });

  it('counts nobody of another task', async () => {
    await handlers.stake(stake(1, 1, 10n));
    expect(await stakesOf(database.read, 2, 'trainer')).toEqual([]);
  });
});

describe('the sum over a side', () => {
  it('is the sum of the effective stakes of those who reach the minimum', async () => {
    const draw = rng(5);
    for (let account = 1; account <= 20; account++) {
      await handlers.stake(stake(account, 1, BigInt(draw.below(1_000))));
      for (let delegator = 100; delegator < 103; delegator++)
        await handlers.delegation(delegation(account, delegator, 1, BigInt(draw.below(3_000))));
    }
    for (let i = 0; i < 20; i++) {
      const terms = { epsilonPpm: draw.below(1_000_001), delegationCap: draw.below(6) };
      const minimum = BigInt(draw.below(900));
      const counted = (await stakesOf(database.read, 1, 'trainer')).filter(one => one.own >= minimum);
      const sum = (of: (one: (typeof counted)[number]) => bigint) => counted.reduce((all, one) => all + of(one), 0n);
      expect(await sumOfStakes(database.read, 1, 'trainer', { ...terms, minimum })).toEqual({
        accounts: counted.length,
        own: sum(one => one.own),
        delegated: sum(one => one.delegated),
        effective: sum(one => effectiveStake(one.own, one.delegated, terms)),
      });
    }
  });
});

describe('the standing of a stake', () => {
  const standing = (account = 1, minimum = 10n) => stakeStanding(database.read, 1, 'trainer', wallet(account), minimum);

  it('is none, then waiting from when it is seen, then final', async () => {
    expect(await standing()).toBe('none');
    const expectedFinalAt = soon(MINUTE);
    await seen.seen(seenStake(1, 1, 10n, 5, expectedFinalAt));
    expect(await standing()).toEqual({ waiting: 'stake-final', expectedFinalAt });
    expect(await isStaked(database.read, 1, 'trainer', wallet(1), 10n)).toBe(false);
    await handlers.stake(stake(1, 5, 10n));
    expect(await standing()).toBe('final');
  });

  it('is measured by the minimum, which is at least one wei, in this task and role alone', async () => {
    await seen.seen(seenStake(1, 1, 10n, 5));
    await seen.seen(seenStake(2, 1, 0n, 5));
    expect(await standing(1, 11n)).toBe('none');
    expect(await standing(1, 0n)).toMatchObject({ waiting: 'stake-final' });
    expect(await standing(2, 0n)).toBe('none');
    expect(await standing(3)).toBe('none');
    expect(await stakeStanding(database.read, 2, 'trainer', wallet(1))).toBe('none');
    expect(await stakeStanding(database.read, 1, 'validator', wallet(1))).toBe('none');
  });

  it('follows what is seen last, in whatever order it comes: a stake that was undone waits no more', async () => {
    const messages = [seenStake(1, 3, 0n, 4), seenStake(1, 1, 10n, 5), seenStake(1, 2, 20n, 6)];
    for (const message of [...messages, ...messages]) await seen.seen(message);
    expect(await standing()).toBe('none');
    await seen.seen(seenStake(1, 4, 10n, 5));
    expect(await standing()).toMatchObject({ waiting: 'stake-final' });
  });

  it('stays final while an unstake is only seen, and what is final and younger than what was seen outranks it', async () => {
    await handlers.stake(stake(1, 5, 10n));
    await seen.seen(seenStake(1, 1, 0n, 6));
    expect(await standing()).toBe('final');
    await seen.seen(seenStake(1, 2, 10n, 7));
    await handlers.stake(stake(1, 6, 3n));
    expect(await standing()).toMatchObject({ waiting: 'stake-final' });
    await handlers.stake(stake(1, 8, 0n));
    expect(await standing()).toBe('none');
  });

  it('waits until an hour after it should have been final, and no longer', async () => {
    await seen.seen(seenStake(1, 1, 10n, 5, soon(-59 * MINUTE)));
    expect(await standing()).toMatchObject({ waiting: 'stake-final' });
    await seen.seen(seenStake(1, 2, 10n, 5, soon(-61 * MINUTE)));
    expect(await standing()).toBe('none');
  });

  it('is told by an indexer that counts from one again, once the row is a day old', async () => {
    await seen.seen(seenStake(1, 7, 0n, 5));
    await seen.seen(seenStake(1, 1, 10n, 9));
    expect(await standing()).toBe('none');
    await database.read.query(`UPDATE seen_stakes SET seen_at = now() - interval '25 hours'`);
    await seen.seen(seenStake(1, 1, 10n, 9));
    expect(await standing()).toMatchObject({ waiting: 'stake-final' });
    await seen.seen(seenStake(1, 2, 0n, 10));
    expect(await standing()).toBe('none');
  });
});
