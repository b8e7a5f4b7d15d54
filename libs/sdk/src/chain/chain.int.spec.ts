import { testArenaChain, waitFor, type Actor, type ArenaChain } from '@arena/testing';
import { AbiCoder, id, JsonRpcProvider, keccak256, Wallet, ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArenaError } from '../error.js';
import { arenaOnChain, type ArenaOnChain, type ChainWallet } from './index.js';

const ONE = 10n ** 18n;
let chain: ArenaChain;
let admin: ArenaOnChain;
let trainer: ArenaOnChain;
let validator: ArenaOnChain;
let delegator: ArenaOnChain;
let lastTask = 0n;

const signer = (actor: Actor) => new Wallet(chain.purses[actor].privateKey, chain.provider);
const as = (wallet: ChainWallet) => arenaOnChain({ deployment: chain.deployment, wallet });
const refused = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as ArenaError,
  );
const now = async () => BigInt((await chain.provider.getBlock('latest'))?.timestamp ?? 0);

async function openTask(): Promise<bigint> {
  const task = (lastTask += 1n);
  await admin.createTask({ task });
  await admin.verifyTask({ task });
  const at = (await now()) + 60n;
  await admin.openTask({ task, specHash: id('spec'), opensAt: at, closesAt: at + 1_000n, finalEndsAt: at + 2_000n });
  await chain.pass(61);
  return task;
}

beforeAll(async () => {
  chain = await testArenaChain();
  [admin, trainer, validator, delegator] = [
    as(signer('admin')),
    as(signer('trainer')),
    as(signer('validator')),
    as(signer('delegator')),
  ];
  for (const each of [trainer, validator, delegator]) await each.lock({ amount: 10_000n * ONE, periods: 2n });
});
afterAll(() => chain.stop());

describe('a lock', () => {
  it('approves exactly what it takes, gives its id, and is unlocked when its term is over', async () => {
    const sent: string[] = [];
    const wallet = signer('trainer');
    const watched = arenaOnChain({ deployment: chain.deployment, wallet, onSent: (_, what) => sent.push(what) });
    const { lock } = await watched.lock({ amount: 5n * ONE, periods: 1n });
    expect(sent).toEqual(['approve', 'lock']);
    const { token } = await trainer.contracts();
    expect(await token.getFunction('allowance')(wallet.address, chain.deployment.contracts.escrow)).toBe(0n);
    expect(await refused(trainer.unlock({ lock }))).toMatchObject({
      code: 'client/reverted',
      detail: expect.stringMatching(`^lock ${lock} ends at 2`) as string,
    });
    await chain.pass(6);
    await trainer.unlock({ lock });
  });
});

describe('stake', () => {
  it('goes in, comes with delegations, and goes out when the task has ended', async () => {
    const task = await openTask();
    const at = { task, role: 'trainer' } as const;
    const operator = chain.purses.trainer.address;
    await trainer.stake({ ...at, amount: 200n * ONE });
    await delegator.delegate({ ...at, operator, amount: 50n * ONE });
    await trainer.setCut({ ...at, cutPpm: 100_000n });
    await delegator.undelegate({ ...at, operator, amount: 20n * ONE });
    expect(await refused(delegator.withdrawDelegation({ ...at, operator }))).toMatchObject({
      detail: expect.stringMatching(/^it is ready at 2/) as string,
    });
    await chain.pass(25);
    const done = await delegator.withdrawDelegation({ ...at, operator });
    expect(done.events.map(({ name }) => name)).toContain('UndelegationChanged');
    expect(await refused(trainer.unstake({ ...at, amount: ONE }))).toMatchObject({
      detail: `task ${task} has not ended`,
    });
    await admin.cancelTask({ task });
    await chain.pass(15);
    await trainer.unstake({ ...at, amount: 200n * ONE });
    const { staking } = await trainer.contracts();
    expect(await staking.getFunction('stakeOf')(0, task, 0, operator)).toBe(0n);
  });

  it.each([
    [
      'too little',
      () => ({ role: 'validator' as const, amount: ONE }),
      /^that would leave 1\.0, and the least is 1000\.0$/,
    ],
    ['nothing', () => ({ role: 'trainer' as const, amount: 0n }), /^the amount is zero$/],
    ['more than there is', () => ({ role: 'trainer' as const, amount: 10n ** 24n }), /are needed and .* are there$/],
  ])('of %s is refused in words', async (_what, stake, words) => {
    const task = await openTask();
    const error = await refused(validator.stake({ task, ...stake() }));
    expect(error).toBeInstanceOf(ArenaError);
    expect(error).toMatchObject({ code: 'client/reverted', detail: expect.stringMatching(words) as string });
  });
});

describe('a task', () => {
  it('is paid for, extended, raised, finalised', async () => {
    const task = (lastTask += 1n);
    const { token } = await admin.contracts();
    const before = (await token.getFunction('balanceOf')(chain.purses.admin.address)) as bigint;
    await admin.createTask({ task, bounty: 7n * ONE });
    await admin.raiseBounty({ task, amount: 3n * ONE });
    expect(await token.getFunction('balanceOf')(chain.purses.admin.address)).toBe(before - 10n * ONE);
    await admin.verifyTask({ task });
    const at = (await now()) + 60n;
    await admin.openTask({ task, specHash: id('spec'), opensAt: at, closesAt: at + 60n, finalEndsAt: at + 120n });
    await chain.pass(61);
    await admin.extendTask({ task, closesAt: at + 80n, finalEndsAt: at + 160n });
    const rewards = as(signer('rewards'));
    expect(await refused(rewards.finaliseTask({ task, rankingRoot: ZeroHash }))).toMatchObject({
      detail: `task ${task} is not in a phase that allows this`,
    });
    await chain.pass(200);
    await rewards.finaliseTask({ task, rankingRoot: ZeroHash });
    expect(await token.getFunction('balanceOf')(chain.purses.admin.address)).toBe(before);
  });

  it('tells why, also when the refusal was only seen in a block', async () => {
    const task = (lastTask += 1n);
    await admin.createTask({ task });
    await admin.verifyTask({ task });
    // The node is asked at one moment and mines at another.
    await chain.provider.send('evm_setAutomine', [false]);
    const at = (await now()) + 60n;
    const opened = refused(
      admin.openTask({ task, specHash: id('spec'), opensAt: at, closesAt: at + 60n, finalEndsAt: at + 120n }),
    );
    await waitFor(async () => JSON.stringify(await chain.provider.send('txpool_content', [])).includes('"nonce"'));
    await chain.pass(300);
    await chain.provider.send('evm_setAutomine', [true]);
    expect(await opened).toMatchObject({ code: 'client/reverted', detail: 'the times do not fit together' });
  });

  it('has gas enough when the block comes later than the one that was estimated in', async () => {
    const task = (lastTask += 1n);
    await admin.createTask({ task });
    // In the second of its creation verifying writes what stands there already; a second later it does not.
    await chain.provider.send('anvil_setBlockTimestampInterval', [0]);
    await chain.provider.send('evm_setAutomine', [false]);
    const verified = admin.verifyTask({ task });
    await waitFor(async () => JSON.stringify(await chain.provider.send('txpool_content', [])).includes('"nonce"'));
    await chain.provider.send('anvil_removeBlockTimestampInterval', []);
    await chain.pass(2);
    await chain.provider.send('evm_setAutomine', [true]);
    expect((await verified).events).toMatchObject([{ name: 'TaskVerified' }]);
  });

  it('is moved by those alone who have the role', async () => {
    expect(await refused(trainer.createTask({ task: 999n }))).toMatchObject({
      detail: expect.stringMatching(/does not have the role for this$/) as string,
    });
  });
});

it('opens a case, keeps the stake in, and slashes after the time to appeal', async () => {
  const task = await openTask();
  await validator.stake({ task, role: 'validator', amount: 2_000n * ONE });
  const account = chain.purses.validator.address;
  const caseId = id('case');
  const wanted = { caseId, task, role: 'validator', account, ppm: 50_000n, evidenceHash: id('evidence') } as const;
  await admin.openCase({ ...wanted, reporter: chain.purses.reporter.address });
  expect(await refused(admin.slash({ caseId }))).toMatchObject({
    detail: expect.stringMatching(/^not before/) as string,
  });
  await chain.pass(25);
  const done = await admin.slash({ caseId });
  expect(done.events.find(({ name }) => name === 'Slashed')?.args['gm']).toBe(100n * ONE);
});

it('funds a pot, submits a root, activates it, and claims by a proof', async () => {
  const rewards = as(signer('rewards'));
  await admin.fund({ task: 0n, amount: 5n * ONE });
  expect(
    await refused(rewards.claim({ account: chain.purses.trainer.address, cumulative: 1n, proof: [] })),
  ).toBeInstanceOf(ArenaError);
  await chain.pass(120);
  const epoch = 0n;
  // A tree of one leaf: the root is the leaf.
  const account = chain.purses.trainer.address;
  const leaf = keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [account, 3n * ONE])));
  await rewards.submitRoot({ epoch, root: leaf, total: 3n * ONE, evidenceHash: id('evidence'), uri: 's3://evidence' });
  await chain.pass(15);
  await rewards.activateRoot();
  expect(await trainer.claim({ account, cumulative: 3n * ONE, proof: [] })).toMatchObject({ paid: 3n * ONE });
});

it('changes a parameter through the timelock, after its delay', async () => {
  const change = { contract: 'staking', name: 'setMinimum', args: [0n, 0n, 50n * ONE] } as const;
  await admin.propose(change, 10n);
  expect(await refused(admin.carryOut(change))).toMatchObject({ code: 'client/reverted' });
  await chain.pass(11);
  await admin.carryOut(change);
  const { staking } = await admin.contracts();
  expect(await staking.getFunction('minimumOf')(0, 0)).toBe(50n * ONE);
});

describe('a wallet', () => {
  it('with a provider as ethers makes it sends one transaction after the other on a chain that is fast', async () => {
    const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true });
    const usual = as(new Wallet(chain.purses.delegator.privateKey, provider));
    for (let times = 0; times < 3; times++) await usual.lock({ amount: ONE, periods: 1n });
    provider.destroy();
  });

  it('in the browser does the same', async () => {
    const { address, privateKey } = chain.purses.trainer;
    const own = new Wallet(privateKey, chain.provider);
    const provider = {
      request: async ({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> => {
        if (method === 'eth_accounts' || method === 'eth_requestAccounts') return [address];
        if (method !== 'eth_sendTransaction') return chain.provider.send(method, params);
        const { from: _, gas, ...transaction } = params[0] as { from: string; gas?: string };
        return (await own.sendTransaction({ ...transaction, ...(gas && { gasLimit: gas }) })).hash;
      },
    };
    const done = await as({ provider, address }).lock({ amount: 2n * ONE, periods: 1n });
    expect(done.lock).toBeGreaterThan(0n);
  });

  it('whose owner says no is told apart', async () => {
    const provider = {
      request: ({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> => {
        const no = Object.assign(new Error('User rejected the request.'), { code: 4001 });
        if (method === 'eth_accounts' || method === 'eth_requestAccounts')
          return Promise.resolve([chain.purses.trainer.address]);
        return method === 'eth_sendTransaction' ? Promise.reject(no) : chain.provider.send(method, params);
      },
    };
    const declined = await refused(as({ provider }).fund({ task: 0n, amount: 1n }));
    expect(declined).toMatchObject({ code: 'client/declined' });
  });

  it('of another chain is refused before it signs anything', async () => {
    const deployment = { ...chain.deployment, chainId: 1 };
    const elsewhere = arenaOnChain({ deployment, wallet: signer('trainer') });
    expect(await refused(elsewhere.unlock({ lock: 1n }))).toMatchObject({ code: 'client/chain' });
  });
});

it('does not compile with arguments of another shape', () => {
  const wrong = () => [
    // @ts-expect-error a task number is a bigint
    admin.verifyTask({ task: 1 }),
    // @ts-expect-error the contract has no such function
    admin.propose({ contract: 'token', name: 'stake', args: [] }, 1n),
    // @ts-expect-error the amount is missing
    admin.propose({ contract: 'staking', name: 'setMinimum', args: [0n, 0n] }, 1n),
  ];
  expect(wrong).toBeTypeOf('function');
});
