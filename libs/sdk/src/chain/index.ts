// `@arena/sdk/chain`: everything that a wallet does on chain. An entry of its own, so that the rest needs no ethers.
import { contractsOf, type Contracts } from '@arena/chain/contracts';
import { type ActOptions, actWith } from './act.js';
import { caseCalls } from './cases.js';
import { governanceCalls } from './governance.js';
import { rewardCalls } from './rewards.js';
import { stakeCalls } from './stakes.js';
import { taskCalls } from './tasks.js';
import { signerOf } from './wallet.js';

/** All calls of one wallet. Each sends at most two transactions (an exact approval, the call) and waits for them. */
export const arenaOnChain = (options: ActOptions) => {
  const act = actWith(options);
  return {
    ...stakeCalls(act),
    ...rewardCalls(act),
    ...taskCalls(act),
    ...caseCalls(act),
    ...governanceCalls(act, options.deployment),
    /** To read: ethers contracts, through the wallet's own node. */
    contracts: async (): Promise<Contracts> => contractsOf(options.deployment, await signerOf(options.wallet)),
  };
};
export type ArenaOnChain = ReturnType<typeof arenaOnChain>;

export { Deployment } from '@arena/chain/contracts';
export type { ActOptions, Done, Happened } from './act.js';
export type { NewCase } from './cases.js';
export type { Change } from './governance.js';
export type { Claim, Root } from './rewards.js';
export { type Position, type Role, roles } from './stakes.js';
export type { Times } from './tasks.js';
export type { ChainWallet } from './wallet.js';
