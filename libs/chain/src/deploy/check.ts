// Who may do what, read from the chain: a deployment is done when this finds nothing to say.
import { z } from 'zod';
import { interfaceOf } from '../contracts.js';
import type { ContractName, Deployment } from '../deployment.js';
import { readContract } from '../read-contract.js';
import { toQuantity } from '../rpc/quantity.js';
import type { Rpc } from '../rpc/rpc.js';
import type { Roles } from './parameters.js';
import { ADMIN, grants, roleIds } from './plan.js';

const Log = z.object({ topics: z.array(z.string()), data: z.string() });

/** Whether these are the arena's contracts, and know each other. */
export async function checkWiring(rpc: Rpc, deployment: Deployment): Promise<string[]> {
  const { contracts } = deployment;
  const entries = Object.entries(contracts);
  const questions = entries.map(([, address]) => ({ method: 'eth_getCode', params: [address, 'latest'] }));
  const codes = await rpc.batch(questions, z.string());
  const empty = entries.filter((_, index) => codes[index] === '0x').map(([name, at]) => `no ${name} at ${at}`);
  if (empty.length > 0) return empty;
  const [distributor, registered, source] = await Promise.all([
    readContract(rpc, deployment, 'token', 'distributor', []),
    readContract(rpc, deployment, 'escrow', 'isRegistered', [contracts.staking]),
    readContract(rpc, deployment, 'staking', 'sourceOf', [0n]),
  ]);
  return [
    ...(distributor.toLowerCase() === contracts.distributor ? [] : [`the token is minted by ${distributor}`]),
    ...(registered ? [] : ['the escrow does not know staking']),
    ...(source.toLowerCase() === contracts.registry ? [] : [`the tasks come from ${source}`]),
  ];
}

/** Whether the roles are held by exactly those who should hold them, and everything is the timelock's. */
export async function checkRoles(rpc: Rpc, deployment: Deployment, roles: Roles): Promise<string[]> {
  const { contracts } = deployment;
  const faults: string[] = [];
  for (const contract of ['token', 'escrow'] as const) {
    const owner = (await readContract(rpc, deployment, contract, 'owner', [])).toLowerCase();
    if (owner !== contracts.timelock) faults.push(`${contract} belongs to ${owner}`);
  }
  const expected = [
    ...grants(roles),
    // Given by its constructor, which administers itself.
    { contract: 'timelock', role: roleIds.proposer, holders: roles.proposers },
    { contract: 'timelock', role: roleIds.canceller, holders: roles.proposers },
    { contract: 'timelock', role: roleIds.executor, holders: roles.executors },
  ];
  for (const contract of ['registry', 'distributor', 'staking', 'timelock'] as const) {
    const wanted = new Set([`${ADMIN} ${contracts.timelock}`]);
    for (const grant of expected.filter(each => each.contract === contract)) {
      for (const holder of grant.holders) wanted.add(`${grant.role} ${holder.toLowerCase()}`);
    }
    const held = await holders(rpc, deployment, contract);
    for (const each of held) if (!wanted.has(each)) faults.push(`${contract}: nobody should hold ${each}`);
    for (const each of wanted) if (!held.has(each)) faults.push(`${contract}: nobody holds ${each}`);
  }
  return faults;
}

/** `role account` of all grants that were not revoked. */
async function holders(rpc: Rpc, { contracts, startBlock }: Deployment, contract: ContractName): Promise<Set<string>> {
  const abi = interfaceOf(contract);
  const topics = ['RoleGranted', 'RoleRevoked'].map(name => abi.getEvent(name)?.topicHash);
  const filter = {
    address: contracts[contract],
    topics: [topics],
    fromBlock: toQuantity(startBlock),
    toBlock: 'latest',
  };
  const held = new Set<string>();
  for (const log of await rpc.call('eth_getLogs', [filter], z.array(Log))) {
    const event = abi.parseLog(log);
    const pair = `${String(event?.args['role'])} ${String(event?.args['account']).toLowerCase()}`;
    if (event?.name === 'RoleGranted') held.add(pair);
    else held.delete(pair);
  }
  return held;
}
