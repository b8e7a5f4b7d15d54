// A competition whose admin signs on chain: the contracts on a real node, the indexer, and the services that follow it.
import { arenaOnChain } from '@arena/sdk/chain';
import type { Actor } from '@arena/testing';
import { Wallet } from 'ethers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedIn, type Person } from './arena/callers.js';
import { makeDataset } from './arena/datasets.js';
import { rawCall } from './arena/raw.js';
import { FINALITY, startArena, type Arena } from './arena/start.js';
import { taskSpec } from './arena/task-spec.js';

const ONE = 10n ** 18n;
const PATIENCE = { timeout: 30_000, interval: 200 };
const inSeconds = (seconds: number) => BigInt(Math.floor(Date.now() / 1_000) + seconds);
const instant = (seconds: bigint) => new Date(Number(seconds) * 1_000).toISOString();

describe('a competition on chain', () => {
  let arena: Arena;
  let origin: string;
  let chainOrigin: string;
  let admin: Person;
  let submissions: pg.Client;
  let task: number;
  let specHash: string;
  let times: { opensAt: bigint; closesAt: bigint; finalEndsAt: bigint };

  beforeAll(async () => {
    arena = await startArena({ contracts: true });
    ({ url: origin } = await arena.start('task-service'));
    await arena.start('submission-service');
    ({ url: chainOrigin } = await arena.start('chain-indexer'));
    admin = await signedIn(origin, arena.wallet(0));
    submissions = new pg.Client({ connectionString: arena.database.roleUrl('submission-service', 'app') });
    await submissions.connect();
    const ref = async (purpose: 'hidden-a' | 'hidden-b') => {
      const { dataset, version, sha256 } = await makeDataset(admin.client, purpose);
      return { dataset, version, sha256 };
    };
    const spec = taskSpec('Signed on chain', { hiddenA: await ref('hidden-a'), hiddenB: await ref('hidden-b') });
    ({ task, specHash } = await admin.client.call('tasks.create', { body: { spec } }));
  });
  afterAll(async () => {
    await submissions.end();
    await arena.stop();
  });

  const by = (actor: Actor) => {
    const { deployment, provider, purses } = arena.contracts;
    return arenaOnChain({ deployment, wallet: new Wallet(purses[actor].privateKey, provider) });
  };
  const at = () => ({ task: BigInt(task) });
  const read = () => admin.client.call('tasks.get', { params: { task } });
  /** What lies under these blocks can not be undone any more. */
  const finalise = () => arena.contracts.mine(FINALITY);
  const onChain = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${chainOrigin}/v1/chain/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  interface Stakes {
    items: { account: string; total: string; confirmations: number; finalised: boolean; transaction: string }[];
  }

  it('is followed: the indexer says what it follows, and how far it is', async () => {
    const { deployment } = arena.contracts;
    await expect
      .poll(() => onChain('status'), PATIENCE)
      .toMatchObject({ state: 'following', halted: null, contracts: deployment.contracts, lag: { blocks: 0 } });
  });

  it('is moved by the chain from the moment it is created there, and by no route any more', async () => {
    await by('admin').createTask({ ...at(), bounty: 50n * ONE });
    expect((await read()).onChain).toBeNull();
    await finalise();
    await expect.poll(async () => (await read()).onChain, PATIENCE).toMatchObject({ status: 'created', bounty: String(50n * ONE), conflict: null }); // prettier-ignore
    const verify = await rawCall(origin, 'tasks.verify', { token: admin.token, params: { task }, body: {} });
    expect([verify.status, verify.problem?.code]).toEqual([409, 'task/on-chain']);
    expect(verify.problem?.detail).toContain('verify(task)');
  });

  it('is not moved by a transaction that a reorganisation takes away', async () => {
    const { task: other } = await admin.client.call('tasks.create', { body: { spec: taskSpec('Taken away') } });
    await by('admin').createTask({ task: BigInt(other) });
    const status = async () => (await fetch(`${chainOrigin}/v1/chain/tasks/${other}`)).status;
    await expect.poll(status, PATIENCE).toBe(200);
    await arena.contracts.provider.send('anvil_reorg', [1, []]);
    await finalise();
    await expect.poll(status, PATIENCE).toBe(404);
    await finalise();
    expect((await admin.client.call('tasks.get', { params: { task: other } })).onChain).toBeNull();
  });

  it('is verified when the wallet of an admin has verified it, and that is final', async () => {
    await by('admin').verifyTask(at());
    await finalise();
    await expect.poll(async () => (await read()).phase, PATIENCE).toBe('verified');
  });

  it('opens with the spec hash and the very times that were signed', async () => {
    times = { opensAt: inSeconds(0), closesAt: inSeconds(60), finalEndsAt: inSeconds(90) };
    await by('admin').openTask({ ...at(), specHash: `0x${specHash}`, ...times });
    await finalise();
    await expect.poll(async () => (await read()).phase, PATIENCE).toBe('submission');
    expect((await read()).schedule).toEqual({
      opensAt: instant(times.opensAt),
      closesAt: instant(times.closesAt),
      finalEndsAt: instant(times.finalEndsAt),
    });
  });

  it('counts stakes with their confirmations at once, and hands them on when they are final', async () => {
    const { trainer, validator, delegator } = arena.contracts.purses;
    for (const [actor, role] of [
      ['trainer', 'trainer'],
      ['validator', 'validator'],
    ] as const) {
      await by(actor).lock({ amount: 5_000n * ONE, periods: 30n });
      await by(actor).stake({ ...at(), role, amount: 2_000n * ONE });
    }
    await by('delegator').lock({ amount: 1_000n * ONE, periods: 30n });
    const sent = await by('delegator').delegate({ ...at(), role: 'trainer', operator: trainer.address, amount: 500n * ONE }); // prettier-ignore
    await expect
      .poll(() => onChain<Stakes>(`delegations?operator=${trainer.address}`), PATIENCE)
      .toMatchObject({
        items: [{ account: delegator.address, confirmations: 1, finalised: false, transaction: sent.hash }],
      });
    const own = await onChain<Stakes>(`stakes?task=${task}`);
    expect(own.items.map(item => [item.account, item.total])).toEqual([
      [trainer.address, String(2_000n * ONE)],
      [validator.address, String(2_000n * ONE)],
    ]);
    expect((await submissions.query('select from known_delegations')).rowCount).toBe(0);
    await finalise();
    await expect
      .poll(() => onChain<Stakes>(`delegations?operator=${trainer.address}`), PATIENCE)
      .toMatchObject({ items: [{ confirmations: 1 + FINALITY, finalised: true }] });
    await expect
      .poll(
        async () => (await submissions.query('select account, total from known_stakes order by role')).rows,
        PATIENCE,
      )
      .toEqual([
        { account: trainer.address, total: String(2_000n * ONE) },
        { account: validator.address, total: String(2_000n * ONE) },
      ]);
    const participants = () => admin.client.call('tasks.participants', { params: { task } });
    await expect.poll(participants, PATIENCE).toMatchObject({
      trainers: {
        accounts: 1,
        own: String(2_000n * ONE),
        delegated: String(500n * ONE),
        effective: String(2_500n * ONE),
      },
      validators: { accounts: 1, effective: String(2_000n * ONE) },
    });
    expect(await onChain(`pools/${trainer.address}?task=${task}&role=trainer`)).toMatchObject({ own: String(2_000n * ONE), delegated: String(500n * ONE), delegators: 1 }); // prettier-ignore
    expect(await onChain(`accounts/${delegator.address}`)).toMatchObject({ gm: String(1_000n * ONE), delegated: [{ operator: trainer.address, total: String(500n * ONE) }] }); // prettier-ignore
  });

  it('is extended by a transaction', async () => {
    times = { ...times, finalEndsAt: times.finalEndsAt + 30n };
    await by('admin').extendTask({ ...at(), ...times });
    await finalise();
    await expect.poll(async () => (await read()).schedule?.finalEndsAt, PATIENCE).toBe(instant(times.finalEndsAt));
  });

  it('is finalised by the chain, whose clock may be ahead of ours', async () => {
    const rankingRoot = `0x${'7'.repeat(64)}`;
    await arena.contracts.pass(200);
    await by('rewards').finaliseTask({ ...at(), rankingRoot });
    await finalise();
    await expect.poll(async () => (await read()).phase, PATIENCE).toBe('finalised');
    expect(await read()).toMatchObject({ rankingRoot, onChain: { status: 'finalised', conflict: null } });
    const { items } = await admin.client.call('tasks.history', { params: { task } });
    expect(items.map(item => item.what)).toEqual([
      'created',
      'verified',
      'scheduled',
      'opened',
      'extended',
      'closed',
      'finalised',
    ]);
    expect(await onChain(`tasks/${task}`)).toMatchObject({ status: 'finalised', specHash: `0x${specHash}`, bountyPaid: String(50n * ONE) }); // prettier-ignore
    const released = await submissions.query('select purpose from released_datasets where task = $1 order by 1', [
      task,
    ]);
    expect(released.rows.map(row => (row as { purpose: string }).purpose)).toEqual(['hidden-a', 'hidden-b']);
  });

  it('leaves a trail with the transactions in it', async () => {
    const trail: [string, string][] = [];
    for await (const entry of admin.client.paginate('audit.list', { query: { subject: `task:${task}` } }))
      trail.push([entry.action, entry.actor.split(':')[0] ?? '']);
    expect(trail.reverse().slice(1)).toEqual(
      ['created', 'verified', 'opened', 'extended', 'finalised'].map(change => [`chain.${change}`, 'chain']),
    );
  });
});
