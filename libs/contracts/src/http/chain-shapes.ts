// What the chain indexer says of the chain. Every item says in which block it was decided and how safe that is.
import { z } from 'zod';
import { Wallet } from '../ids.js';
import { Bytes32, Epoch, WeiDelta } from '../messages/payloads/shapes.js';
import { Instant, Ppm, Wei } from './shapes.js';

const Block = z.int().min(0);

/** Where a fact stands on the canonical chain. */
const fact = {
  block: Block,
  blockHash: Bytes32,
  time: Instant.meta({ description: 'Of the block' }),
  transaction: Bytes32,
  logIndex: z.int().min(0),
  confirmations: z.int().min(1).meta({ description: '1 while its block is the newest one' }),
  finalised: z.boolean().meta({ description: 'A later block can no longer undo it; money moves only then' }),
};

/** By name where the arena has one. Later programs may use more roles than it does. */
export const RoleName = z
  .string()
  .regex(/^(trainer|validator|role-([2-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))$/, 'is not the name of a role')
  .meta({ id: 'RoleName', example: 'trainer', description: '`trainer`, `validator`, or `role-N` of a later program' });

const position = { program: z.int(), task: z.int(), role: RoleName };
const standing = { ...position, delta: WeiDelta, total: Wei, ...fact };

export const ChainStake = z.object({ account: Wallet, ...standing }).meta({
  id: 'ChainStake',
  description: 'gm tokens that an account has staked itself; `total` after the change that the block tells of',
});
export const ChainDelegation = z
  .object({ operator: Wallet, account: Wallet, ...standing })
  .meta({ id: 'ChainDelegation', description: 'gm tokens that `account` has delegated to `operator`' });
export const ChainUndelegation = z
  .object({ operator: Wallet, account: Wallet, ...standing, readyAt: Instant })
  .meta({ id: 'ChainUndelegation', description: 'What waits out its cool-down; taken from `readyAt` on' });

export const ChainWeight = z
  .object({ account: Wallet, operator: Wallet.nullable(), weight: z.string().regex(/^(0|[1-9][0-9]{0,97})$/) })
  .meta({ id: 'ChainWeight', description: '`weight` is wei × seconds; `operator` is null for an own stake' });

const Cut = z.object({ cutPpm: Ppm, effectiveAt: Instant, ...fact });
export const ChainPool = z
  .object({
    ...position,
    operator: Wallet,
    own: Wei,
    delegated: Wei,
    delegators: z.int(),
    cut: Cut.nullable().meta({ description: 'In force at the newest block; null: never set, the default counts' }),
    announcedCut: Cut.nullable().meta({ description: 'Will be in force from `effectiveAt` on' }),
    since: Instant.meta({ description: 'When the operator first staked here' }),
    ...fact,
  })
  .meta({ id: 'ChainPool', description: 'The block is that of the last change of the own stake' });

export const ChainLock = z
  .object({ account: Wallet, lock: z.string(), locked: Wei, gm: Wei, endsAt: Instant, ...fact })
  .meta({ id: 'ChainLock', description: 'An open lock, as its last change left it' });

export const ChainRoot = z
  .object({
    epoch: Epoch,
    status: z.enum(['submitted', 'activated', 'disabled']),
    root: Bytes32,
    total: Wei.meta({ description: 'All that was ever earned, up to this epoch' }),
    minted: Wei.nullable().meta({ description: 'Emission minted for it; null until it is activated' }),
    evidenceHash: Bytes32,
    uri: z.string(),
    activeAt: Instant,
    submitted: z.object(fact),
    ...fact,
  })
  .meta({ id: 'ChainRoot', description: 'The block is that of the last change' });

export const ChainClaim = z
  .object({ account: Wallet, epoch: Epoch, root: Bytes32, amount: Wei, cumulative: Wei, ...fact })
  .meta({ id: 'ChainClaim' });

const times = z.object({ opensAt: Instant, closesAt: Instant, finalEndsAt: Instant });
export const ChainTask = z
  .object({
    task: z.int(),
    status: z.enum(['created', 'verified', 'opened', 'finalised', 'cancelled']),
    creator: Wallet.nullable(),
    bounty: Wei,
    bountyPaid: Wei,
    bountyRefunded: Wei,
    specHash: Bytes32.nullable(),
    schedule: times.nullable(),
    rankingRoot: Bytes32.nullable(),
    ...fact,
  })
  .meta({ id: 'ChainTask', description: 'What transactions made of a task in the registry, up to the newest block' });
export const ChainTaskChange = z
  .object({
    change: z.enum([
      'created', 'bounty-raised', 'verified', 'opened', 'extended', 'finalised', 'cancelled', 'bounty-paid', 'bounty-refunded',
    ]), // prettier-ignore
    account: Wallet.nullable().meta({ description: 'The creator, the giver of a raised bounty, or who was paid' }),
    amount: Wei.nullable(),
    bounty: Wei.nullable(),
    specHash: Bytes32.nullable(),
    schedule: times.nullable(),
    rankingRoot: Bytes32.nullable(),
    ...fact,
  })
  .meta({ id: 'ChainTaskChange' });

export const ChainCase = z
  .object({
    case: Bytes32,
    ...position,
    account: Wallet,
    status: z.enum(['opened', 'slashed', 'dismissed', 'closed']),
    ppm: Ppm,
    delegationPpm: Ppm,
    evidenceHash: Bytes32,
    reporter: Wallet,
    executableAt: Instant,
    gm: Wei.meta({ description: 'Slashed so far' }),
    released: Wei,
    opened: z.object(fact),
    ...fact,
  })
  .meta({ id: 'ChainCase', description: 'The block is that of the last change' });

export const ChainAccount = z
  .object({
    account: Wallet,
    locked: Wei,
    gm: Wei.meta({ description: 'Of all locks, staked and delegated ones included' }),
    staked: z.array(z.object({ ...position, total: Wei })),
    delegated: z.array(z.object({ ...position, operator: Wallet, total: Wei })),
    received: z.array(z.object({ ...position, total: Wei, delegators: z.int() })),
    claimed: Wei,
    claims: z.int(),
    block: Block.meta({ description: 'What all of this is true at: the newest block' }),
    finalised: Block,
  })
  .meta({ id: 'ChainAccount', description: 'The lists are cut at 200; the lists of their own have the rest' });

export const ChainStatus = z
  .object({
    chainId: z.int(),
    rpc: z.url().nullable().meta({ description: 'A node that wallets may use; null: use one of your own' }),
    contracts: z.record(z.string(), z.string()),
    startBlock: Block,
    head: z.object({ block: Block, hash: Bytes32, time: Instant }).nullable(),
    finalised: Block.nullable(),
    announced: Block.nullable().meta({ description: 'Facts up to this block have left as events' }),
    lag: z
      .object({ blocks: z.int(), seconds: z.number() })
      .nullable()
      .meta({ description: 'Behind the newest block that a provider has named; null while none has' }),
    providers: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['up', 'stale', 'failing', 'wrong-chain', 'unasked']),
        head: Block.nullable(),
      }),
    ),
    state: z
      .enum(['starting', 'standing-by', 'following', 'halted'])
      .meta({ description: '`standing-by`: another instance follows the chain' }),
    halted: z.string().nullable().meta({ description: 'Why nothing is applied any more; people are needed then' }),
  })
  .meta({ id: 'ChainStatus' });
