// What a deployment decides, once. Times are in seconds, amounts in wei, shares in parts per million.

export interface StakingParameters {
  exitDelay: bigint;
  freezeWindow: bigint;
  undelegationCooldown: bigint;
  cutCooldown: bigint;
  appealWindow: bigint;
  caseLifetime: bigint;
  minCutPpm: bigint;
  maxCutPpm: bigint;
  defaultCutPpm: bigint;
  reporterSharePpm: bigint;
  minimumDelegation: bigint;
}

export interface Parameters {
  /** Between proposing a change and making it. */
  timelockDelay: bigint;
  genesisSupply: bigint;
  /** The unit of a lock's term. */
  lockPeriod: bigint;
  minimumLock: bigint;
  epochLength: bigint;
  /** Unix second at which epoch 0 begins; left out, the last multiple of the epoch's length before the deployment. */
  genesis?: bigint;
  /** Of each of the first 30 epochs. */
  emission: bigint;
  activationDelay: bigint;
  abandonGrace: bigint;
  minimumTrainerStake: bigint;
  minimumValidatorStake: bigint;
  staking: StakingParameters;
}

/** Who may do what. An address may be in several lists; the deployer keeps nothing. */
export interface Roles {
  genesisHolder: string;
  /** Propose changes of parameters and roles to the timelock. */
  proposers: readonly string[];
  /** Carry them out after its delay. */
  executors: readonly string[];
  taskAdmins: readonly string[];
  finalisers: readonly string[];
  submitters: readonly string[];
  guardians: readonly string[];
  caseOfficers: readonly string[];
}

const ONE = 10n ** 18n;
const HOUR = 3_600n;
const DAY = 24n * HOUR;
const cuts = { minCutPpm: 50_000n, maxCutPpm: 900_000n, defaultCutPpm: 400_000n, reporterSharePpm: 100_000n };

export const profiles = {
  production: {
    timelockDelay: 2n * DAY,
    genesisSupply: 100_000_000n * ONE,
    lockPeriod: DAY,
    minimumLock: 10n * ONE,
    epochLength: DAY,
    emission: 309_157n * ONE,
    activationDelay: 6n * HOUR,
    abandonGrace: 14n * DAY,
    minimumTrainerStake: 100n * ONE,
    minimumValidatorStake: 1_000n * ONE,
    staking: {
      exitDelay: 3n * DAY,
      freezeWindow: DAY,
      undelegationCooldown: 7n * DAY,
      cutCooldown: 3n * DAY,
      appealWindow: 3n * DAY,
      caseLifetime: 30n * DAY,
      ...cuts,
      minimumDelegation: ONE,
    },
  },
  /** Days in seconds: everything that waits can be seen to end. */
  development: {
    timelockDelay: 10n,
    genesisSupply: 100_000_000n * ONE,
    lockPeriod: 5n,
    minimumLock: ONE,
    epochLength: 60n,
    emission: 1_000n * ONE,
    activationDelay: 10n,
    abandonGrace: 600n,
    minimumTrainerStake: 100n * ONE,
    minimumValidatorStake: 1_000n * ONE,
    staking: {
      exitDelay: 10n,
      freezeWindow: 10n,
      undelegationCooldown: 20n,
      cutCooldown: 10n,
      appealWindow: 20n,
      caseLifetime: 600n,
      ...cuts,
      minimumDelegation: ONE,
    },
  },
} satisfies Record<string, Parameters>;
export type Profile = keyof typeof profiles;
