import { z } from 'zod';
import { Schedule } from '../../http/tasks.js';
import { Instant, Wei } from '../../http/shapes.js';
import { Wallet } from '../../ids.js';
import { Bytes32, ChainPlace, Epoch, Holding, StakePosition, WeiDelta } from './shapes.js';

export const StakeChanged = z.object({ ...Holding.shape, ...StakePosition.shape, ...ChainPlace.shape });

/**
 * A stake as it stands at the head of the chain, where it can still be undone: a hint of what is to come, on which
 * neither money nor weight may rest. Undone, it is told again with the total that is left.
 */
export const StakeSeen = z.object({
  ...StakePosition.shape,
  account: Wallet,
  total: Wei,
  ...ChainPlace.pick({ block: true, blockHash: true, blockTime: true }).shape,
  /** An estimate. When it has come to pass, `stake.changed` tells. */
  expectedFinalAt: Instant,
});

/** `account` is the delegator; delta and total are of its delegation to this operator. */
export const DelegationChanged = z.object({
  ...Holding.shape,
  operator: Wallet,
  ...StakePosition.shape,
  ...ChainPlace.shape,
});

/** delta and total are gm tokens of the account, over all its locks. */
export const LockChanged = z.object({
  ...Holding.shape,
  lock: z.string(),
  locked: WeiDelta,
  endsAt: Instant.nullable(),
  ...ChainPlace.shape,
});

const registered = { task: z.int().min(1), ...ChainPlace.shape };

/** What the admin's wallet did in the registry; it moves the task in task-service. */
export const TaskRegistered = z.discriminatedUnion('change', [
  z.object({ change: z.literal('created'), creator: Wallet, bounty: Wei, ...registered }),
  z.object({ change: z.literal('verified'), ...registered }),
  z.object({ change: z.literal('opened'), specHash: Bytes32, schedule: Schedule, ...registered }),
  z.object({ change: z.literal('extended'), schedule: Schedule, ...registered }),
  z.object({ change: z.literal('finalised'), rankingRoot: Bytes32, ...registered }),
  z.object({ change: z.literal('cancelled'), ...registered }),
]);

const Root = z.object({ epoch: Epoch, root: Bytes32, ...ChainPlace.shape });

export const RootSubmitted = Root.extend({
  total: Wei,
  evidenceHash: Bytes32,
  uri: z.string(),
  activeAt: Instant,
});
export const RootActivated = Root.extend({ total: Wei, minted: Wei });
export const RootDisabled = Root;

/** `amount` is what this claim paid, `cumulative` all that the account has ever been paid. */
export const RewardClaimed = Root.extend({ account: Wallet, amount: Wei, cumulative: Wei });
