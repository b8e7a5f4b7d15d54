// The arena's contracts with types: what a call sends, and what a question answers.
import { Contract, Interface, type ContractRunner } from 'ethers';
import type { ContractName, Deployment } from './deployment.js';
import { abis } from './generated/abis.js';
import type { ArgumentsOf, FunctionName, ResultOf } from './typed.js';

type Abis = typeof abis;

const interfaces = Object.fromEntries(Object.entries(abis).map(([name, abi]) => [name, new Interface(abi)])) as Record<
  ContractName,
  Interface
>;

/** ethers' view of a contract: to encode, to decode and to read logs. */
export const interfaceOf = (name: ContractName): Interface => interfaces[name];

/** The bytes of a call. */
export const callData = <C extends ContractName, N extends FunctionName<Abis[C]>>(
  contract: C,
  name: N,
  args: ArgumentsOf<Abis[C], N>,
): string => interfaces[contract].encodeFunctionData(name, args as readonly unknown[]);

/** What the contract's function answers to these bytes: one value as it is, several by their names. */
export function decodeResult<C extends ContractName, N extends FunctionName<Abis[C]>>(
  contract: C,
  name: N,
  data: string,
): ResultOf<Abis[C], N> {
  const values = interfaces[contract].decodeFunctionResult(name, data);
  return (values.length === 1 ? values[0] : values.toObject()) as ResultOf<Abis[C], N>;
}

export type Contracts = Record<ContractName, Contract>;

/** All contracts of a deployment, for ethers; `runner` is a provider to read, a signer to write. */
export const contractsOf = (deployment: Deployment, runner?: ContractRunner): Contracts =>
  Object.fromEntries(
    Object.entries(deployment.contracts).map(([name, address]) => [
      name,
      new Contract(address, interfaces[name as ContractName], runner),
    ]),
  ) as Contracts;
