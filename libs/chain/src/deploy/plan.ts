// A deployment as a list of transactions, known in full before the first is sent: every address follows from the
// deployer and a nonce. Pure.
import {
  AbiCoder,
  concat,
  getCreateAddress,
  id,
  Interface,
  keccak256,
  toUtf8Bytes,
  ZeroAddress,
  ZeroHash,
} from 'ethers';
import { callData } from '../contracts.js';
import type { ContractName, Deployment } from '../deployment.js';
import { abis } from '../generated/abis.js';
import { bytecodes } from '../generated/bytecodes.js';
import type { ConstructorOf } from '../typed.js';
import type { Parameters, Roles } from './parameters.js';

export interface Step {
  name: string;
  /** Null for a contract that is created. */
  to: string | null;
  data: string;
}

export interface Plan {
  contracts: Deployment['contracts'];
  steps: readonly Step[];
}

export interface PlanInput {
  deployer: string;
  firstNonce: number;
  genesis: bigint;
  parameters: Parameters;
  roles: Roles;
}

/** In the order in which they are created: each needs those before it. */
const order = ['timelock', 'token', 'escrow', 'distributor', 'registry', 'staking'] as const satisfies ContractName[];

/** The program of validated tasks, and its roles. */
const ARENA = 0n;
const TRAINER = 0n;
const VALIDATOR = 1n;

export const ADMIN = ZeroHash;
export const roleIds = {
  taskAdmin: id('TASK_ADMIN_ROLE'),
  finaliser: id('FINALISER_ROLE'),
  submitter: id('SUBMITTER_ROLE'),
  guardian: id('GUARDIAN_ROLE'),
  caseOfficer: id('CASE_ROLE'),
  proposer: id('PROPOSER_ROLE'),
  canceller: id('CANCELLER_ROLE'),
  executor: id('EXECUTOR_ROLE'),
};

/** Who holds which role of which contract when all is done, beside the timelock that administers them all. */
export const grants = (roles: Roles) =>
  [
    { contract: 'registry', role: roleIds.taskAdmin, holders: roles.taskAdmins },
    { contract: 'registry', role: roleIds.finaliser, holders: roles.finalisers },
    { contract: 'distributor', role: roleIds.submitter, holders: roles.submitters },
    { contract: 'distributor', role: roleIds.guardian, holders: roles.guardians },
    { contract: 'staking', role: roleIds.caseOfficer, holders: roles.caseOfficers },
  ] as const;

export function planOf({ deployer, firstNonce, genesis, parameters: p, roles }: PlanInput): Plan {
  const contracts = Object.fromEntries(
    order.map((name, index) => [name, getCreateAddress({ from: deployer, nonce: firstNonce + index }).toLowerCase()]),
  ) as Deployment['contracts'];
  const { timelock, token, escrow, distributor, registry, staking } = contracts;

  const created: { [C in (typeof order)[number]]: ConstructorOf<(typeof abis)[C]> } = {
    timelock: [p.timelockDelay, roles.proposers, roles.executors, ZeroAddress],
    token: [deployer, roles.genesisHolder, p.genesisSupply],
    escrow: [deployer, token, p.lockPeriod, p.minimumLock],
    distributor: [deployer, token, genesis, p.epochLength, p.emission, p.activationDelay],
    registry: [deployer, token, distributor, p.abandonGrace],
    staking: [deployer, escrow, distributor, p.staking],
  };
  const create = (name: (typeof order)[number]): Step => ({
    name: `create ${name}`,
    to: null,
    data: concat([bytecodes[name], encodeConstructor(name, created[name])]),
  });
  const call = (name: string, to: string, data: string): Step => ({ name, to, data });
  const minimum = (role: bigint, amount: bigint) => callData('staking', 'setMinimum', [ARENA, role, amount]);

  const wiring = [
    call('name the distributor', token, callData('token', 'setDistributor', [distributor])),
    call('register staking', escrow, callData('escrow', 'setRegistered', [staking, true])),
    call('set the program', staking, callData('staking', 'setProgram', [ARENA, registry])),
    call("set the trainers' minimum", staking, minimum(TRAINER, p.minimumTrainerStake)),
    call("set the validators' minimum", staking, minimum(VALIDATOR, p.minimumValidatorStake)),
  ];
  const granting = grants(roles).flatMap(({ contract, role, holders }) =>
    holders.map(holder =>
      call(`grant a role of ${contract}`, contracts[contract], callData(contract, 'grantRole', [role, holder])),
    ),
  );
  // Each contract is given to the timelock before the deployer lets go of it.
  const handover = [
    call('give the token away', token, callData('token', 'transferOwnership', [timelock])),
    call('give the escrow away', escrow, callData('escrow', 'transferOwnership', [timelock])),
    ...(['registry', 'distributor', 'staking'] as const).flatMap(contract => [
      call(`give ${contract} away`, contracts[contract], callData(contract, 'grantRole', [ADMIN, timelock])),
      call(`let go of ${contract}`, contracts[contract], callData(contract, 'renounceRole', [ADMIN, deployer])),
    ]),
  ];
  return { contracts, steps: [...order.map(create), ...wiring, ...granting, ...handover] };
}

function encodeConstructor(name: (typeof order)[number], args: unknown): string {
  const { inputs } = new Interface(abis[name]).deploy;
  return AbiCoder.defaultAbiCoder().encode(inputs, args as readonly unknown[]);
}

/** The same plan has the same fingerprint; the nonce does not matter. */
export const fingerprint = (parameters: Parameters, roles: Roles): string =>
  keccak256(
    toUtf8Bytes(
      JSON.stringify([parameters, roles, bytecodes], (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ),
  );
