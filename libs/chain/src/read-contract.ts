import { z } from 'zod';
import { callData, decodeResult } from './contracts.js';
import type { ContractName, Deployment } from './deployment.js';
import type { abis } from './generated/abis.js';
import type { Rpc } from './rpc/rpc.js';
import type { ArgumentsOf, FunctionName, ResultOf } from './typed.js';

type Abis = typeof abis;

const Bytes = z.string().regex(/^0x([0-9a-f]{2})+$/i, 'must be the answer of a contract');

/** Asks a contract through our own client; at the newest block unless one is named. */
export async function readContract<C extends ContractName, N extends FunctionName<Abis[C]>>(
  rpc: Rpc,
  { contracts }: Deployment,
  contract: C,
  name: N,
  args: ArgumentsOf<Abis[C], N>,
  block = 'latest',
): Promise<ResultOf<Abis[C], N>> {
  const call = { to: contracts[contract], data: callData(contract, name, args) };
  return decodeResult(contract, name, await rpc.call('eth_call', [call, block], Bytes));
}
