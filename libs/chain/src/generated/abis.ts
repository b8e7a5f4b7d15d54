// Written by contracts/tools/abis.mjs from the build of the contracts; not by hand.
import { token } from './token.js';
import { escrow } from './escrow.js';
import { distributor } from './distributor.js';
import { registry } from './registry.js';
import { staking } from './staking.js';
import { timelock } from './timelock.js';

export const abis = { token, escrow, distributor, registry, staking, timelock } as const;
