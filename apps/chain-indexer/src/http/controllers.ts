import { AccountController } from './account-controller.js';
import { DelegationController } from './delegation-controller.js';
import { PoolController } from './pool-controller.js';
import { RegistryController } from './registry-controller.js';
import { StakeController } from './stake-controller.js';
import { StatusController } from './status-controller.js';

/** What answers /v1/chain. Needs `ChainStatus` and `DEPLOYMENT` in the container. */
export const chainControllers = [
  StatusController,
  StakeController,
  DelegationController,
  PoolController,
  AccountController,
  RegistryController,
];
