// Where the arena's contracts are on one chain: what the deploy script writes and everybody else reads.
import { z } from 'zod';

const Address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
  .transform(address => address.toLowerCase());

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
