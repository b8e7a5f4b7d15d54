export { effectiveStake, type DelegationTerms } from './core/effective-stake.js';
export { stakeMigrations } from './migrations.js';
export { projectDelegation, projectSeenStake, projectStake } from './projection.js';
export { isStaked, stakeOf, stakesOf, sumOfStakes, type Side, type Stake, type StakeRole } from './reading.js';
export { SeenStakeHandlers } from './seen-stake-handlers.js';
export { StakeHandlers } from './stake-handlers.js';
export { stakeStanding, type StakeStanding } from './standing.js';
