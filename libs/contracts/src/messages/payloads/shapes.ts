import { z } from 'zod';
import { Instant, Wei } from '../../http/shapes.js';
import { Sha256, Wallet } from '../../ids.js';

export const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/, 'must be 32 bytes as 0x-prefixed lower-case hex');

/** A change of an amount of wei: with a sign when it fell. */
export const WeiDelta = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,77})$/, 'must be a whole number of wei as a decimal string');

export const Epoch = z.int().min(0);

/** Where on the chain a fact stands. Only finalised facts leave as events; of what is not, `StakeSeen` is a hint. */
export const ChainPlace = z.object({
  block: z.int().min(0),
  blockHash: Bytes32,
  blockTime: Instant,
  transaction: Bytes32,
  logIndex: z.int().min(0),
});

/** Later programs (federated rounds, model hosting) stake with the same contract. */
export const StakePosition = z.object({
  program: z.int().min(0).max(255),
  task: z.int().min(1),
  role: z.enum(['trainer', 'validator']),
});

export const Holding = z.object({ account: Wallet, delta: WeiDelta, total: Wei });

/** Bytes in the object store, by their digest. */
export const StoredObject = z.object({ bucket: z.string().min(1), key: z.string().min(1), sha256: Sha256 });
