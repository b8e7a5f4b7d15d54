// Where the arena's contracts are on one chain: what the deploy script writes and everybody else reads.
import { z } from 'zod';
import { Address } from './address.js';

export const Deployment = z.strictObject({
  chainId: z.int().min(1),
  /** The block of the first contract: nothing of the arena's is before it. */
  startBlock: z.int().min(0),
  contracts: z.strictObject({
    token: Address,
    escrow: Address,
    registry: Address,
    staking: Address,
    distributor: Address,
    timelock: Address,
  }),
});
export type Deployment = z.output<typeof Deployment>;
export type ContractName = keyof Deployment['contracts'];
