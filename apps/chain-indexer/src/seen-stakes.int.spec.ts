// What leaves of stakes that are not final: on the arena's contracts with a real reorganisation, and step by step.
import { startProviders } from '@arena/chain';
import { messageSchema, type MessageOf } from '@arena/contracts';
import { pgDatabase, type Database } from '@arena/db';
import { testArenaChain, testDatabase, type TestDatabase } from '@arena/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainStatus } from './chain/status.js';
import { actionsOn, ONE } from './fixture/actions.js';
import { GENESIS, openToldChain, told, wallet, type ToldChain } from './fixture/told-chain.js';
import { announceSome } from './jobs/announce.js';
import { createFollower } from './jobs/follow.js';
import { migrations } from './migrations.js';
import { followed } from './subject.js';

type Seen = MessageOf<'stake.seen.v1'>;

let test: TestDatabase;
let database: Database;
beforeEach(async () => {
  test = await testDatabase({ service: 'chain-indexer', migrations });
  database = pgDatabase({ url: test.appUrl, max: 3 });
});
afterEach(async () => {
  await database.close();
  await test.drop();
});

/** As they left, oldest first. */
async function seen(): Promise<Seen[]> {
  const rows = await database.read.query<{ message: unknown }>(
    `select message from outbox where message ->> 'name' = 'stake.seen.v1' order by id`,
  );
  return rows.map(({ message }) => messageSchema('stake.seen.v1').parse(message));
}
const names = async (): Promise<string[]> => {
  const rows = await database.read.query<{ name: string }>(
    `select message ->> 'name' as name from outbox where message ->> 'name' like 'stake.%' order by id`,
  );
  return rows.map(({ name }) => name);
};

describe('on a chain with the arena on it', { timeout: 60_000 }, () => {
  it('a stake is told of when it is mined, taken back by a reorganisation, and told again when it is final', async () => {
    const CONFIRMATIONS = 6;
    const chain = await testArenaChain();
    const providers = startProviders({ urls: [chain.url], chainId: chain.chainId, probeMs: 0 });
    try {
      const parts = { database, providers, finality: CONFIRMATIONS, status: new ChainStatus() };
      const follower = createFollower({ ...followed(chain.deployment), ...parts });
      const { call, stake } = actionsOn(chain);
      const settled = async () => {
        while ((await follower.round()) === 'more') continue;
        while ((await announceSome(database)) !== 'nothing') continue;
      };
      await settled();

      const before = Date.now();
      const task = await stake();
      await settled();
      const mined = (await chain.provider.getBlock('latest'))!;
      const account = chain.purses.trainer.address;
      const about = { program: 0, task, role: 'trainer', account };
      const [first] = await seen();
      expect(first).toMatchObject({ entity: `seen-stake:0:${task}:trainer:${account}`, entityVersion: 1 });
      expect(first?.payload).toEqual({
        ...about,
        total: String(100n * ONE),
        block: mined.number,
        blockHash: mined.hash,
        blockTime: new Date(mined.timestamp * 1_000).toISOString(),
        expectedFinalAt: expect.any(String),
      });
      expect(Date.parse(first!.payload.expectedFinalAt)).toBeGreaterThan(before);
      expect(await names()).toEqual(['stake.seen.v1']);

      await chain.provider.send('anvil_reorg', [2, []]);
      await settled();
      expect((await seen()).slice(1).map(({ entityVersion, payload }) => [entityVersion, payload])).toEqual([
        [2, expect.objectContaining({ ...about, total: '0', block: mined.number - CONFIRMATIONS })],
      ]);

      await call('trainer', 'escrow', 'approve')(chain.deployment.contracts.staking, 100n * ONE);
      await call('trainer', 'staking', 'stake')(0, task, 0, 100n * ONE);
      await chain.mine(CONFIRMATIONS - 1);
      await settled();
      expect(await names()).toEqual(['stake.seen.v1', 'stake.seen.v1', 'stake.seen.v1']);
      expect((await seen()).at(-1)).toMatchObject({ entityVersion: 3, payload: { total: String(100n * ONE) } });
      await chain.mine(1);
      await settled();
      await settled();
      expect(await names()).toEqual(['stake.seen.v1', 'stake.seen.v1', 'stake.seen.v1', 'stake.changed.v1']);
    } finally {
      providers.close();
      await chain.stop();
    }
  });
});

describe('step by step', () => {
  const FINAL = 2;
  const [ann, ben] = [wallet(1), wallet(2)] as [string, string];
  const at = (block: number) => new Date((GENESIS + block * 60) * 1_000);
  let chain: ToldChain;
  beforeEach(async () => {
    chain = await openToldChain(test.appUrl, { finalised: FINAL, expectedFinalAt: at });
  });
  afterEach(() => chain.close());

  const stake = (account: string, total: number, where: { program?: number; task?: number; role?: number } = {}) =>
    told('stake_changes', { program: 0, task: 1, role: 0, ...where, account, delta: 1, total });
  const said = async () =>
    (await seen()).map(({ entityVersion: version, payload: { account, total, block } }) => [account, version, total, block]); // prettier-ignore

  it('nothing is said of what is final, of a later program, of a role without a name, or of no task', async () => {
    await chain.block([stake(ann, 5)]);
    await chain.block([stake(ann, 6)]);
    await chain.block([stake(ann, 7, { program: 1 }), stake(ann, 8, { role: 2 }), stake(ann, 9, { task: 0 })]);
    await chain.block([told('lock_changes', { account: ann, lock: 1, locked_delta: 1, locked_total: 1, gm_delta: 1, gm_total: 1, ends_at: GENESIS })]); // prettier-ignore
    expect(await seen()).toEqual([]);
    await chain.block([stake(ann, 10)]);
    expect(await said()).toEqual([[ann, 1, '10', 5]]);
  });

  it('each account is told of once a block, with what it has at the end of it, in each role by itself', async () => {
    await chain.block();
    await chain.block();
    await chain.block([stake(ann, 5), stake(ben, 9), stake(ann, 3), stake(ann, 4, { role: 1 })]);
    const messages = await seen();
    expect(messages.map(({ entity, entityVersion, payload }) => [entity, entityVersion, payload.total]).sort()).toEqual([
      [`seen-stake:0:1:trainer:${ann}`, 1, '3'],
      [`seen-stake:0:1:trainer:${ben}`, 1, '9'],
      [`seen-stake:0:1:validator:${ann}`, 1, '4'],
    ]); // prettier-ignore
    for (const { payload } of messages) expect(payload.expectedFinalAt).toBe(at(3).toISOString());
  });

  it('what a reorganisation leaves is told with its own block, and its versions go on', async () => {
    await chain.block([stake(ben, 1)]);
    await chain.block();
    await chain.block([stake(ann, 5)]);
    await chain.block([stake(ann, 0), stake(ben, 9)]);
    await chain.block([stake(ann, 7)]);
    await chain.rewind(3);
    const told = [
      [ann, 1, '5', 3],
      [ann, 2, '0', 4],
      [ann, 3, '7', 5],
      [ann, 4, '5', 3],
      [ben, 1, '9', 4],
      [ben, 2, '1', 1],
    ];
    expect((await said()).sort()).toEqual(told);
    await chain.rewind(2);
    told.splice(4, 0, [ann, 5, '0', 0]);
    expect((await said()).sort()).toEqual(told);
    await chain.block([stake(ann, 6)], 1);
    expect((await said()).sort()).toEqual([...told.slice(0, 5), [ann, 6, '6', 3], ...told.slice(5)]);
  });

  it('what nobody was told of is not taken back', async () => {
    await chain.block();
    await chain.block([stake(ann, 5)]);
    await chain.rewind(1);
    expect(await seen()).toEqual([]);
  });
});
