import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256, type TransactionLike } from 'ethers';
import { z } from 'zod';
import { bigQuantity, quantity } from '../rpc/quantity.js';
import { RpcError } from '../rpc/rpc-error.js';
import type { Rpc } from '../rpc/rpc.js';
import { reasonOf } from '../submitter/revert.js';
import type { TransactionSigner } from '../submitter/signer.js';
import type { Step } from './plan.js';

export interface Signed {
  hash: string;
  raw: string;
}

const Fees = z.object({ baseFeePerGas: bigQuantity });
const Receipt = z.object({ status: z.enum(['0x0', '0x1']), blockNumber: quantity }).nullable();

const GWEI = 1_000_000_000n;

export interface Sending {
  rpc: Rpc;
  signer: TransactionSigner;
  chainId: number;
  /** On a development chain that mines by the clock: mines at once. */
  mine: boolean;
  pollMs: number;
  timeoutMs: number;
}

export async function signStep({ rpc, signer, chainId }: Sending, step: Step, nonce: number): Promise<Signed> {
  const { to, data } = step;
  const call = { from: signer.address, data, ...(to && { to }) };
  const [gas, { baseFeePerGas }] = await Promise.all([
    rpc.call('eth_estimateGas', [call], bigQuantity).catch((error: unknown) => {
      throw error instanceof RpcError ? new Error(`"${step.name}" is refused: ${reasonOf(error)}`) : error;
    }),
    rpc.call('eth_getBlockByNumber', ['latest', false], Fees),
  ]);
  const transaction: TransactionLike<string> = {
    ...{ type: 2, chainId, nonce, data, gasLimit: (gas * 6n) / 5n },
    ...(to && { to }),
    ...{ maxFeePerGas: 3n * baseFeePerGas + GWEI, maxPriorityFeePerGas: GWEI },
  };
  const raw = await signer.signTransaction(transaction);
  return { hash: keccak256(raw), raw };
}

/** Gives the bytes to a node, however often that was done before, and waits until they are in a block. */
export async function sendStep(sending: Sending, step: Step, { hash, raw }: Signed): Promise<void> {
  const { rpc, mine, pollMs, timeoutMs } = sending;
  const receipt = () => rpc.call('eth_getTransactionReceipt', [hash], Receipt);
  const deadline = Date.now() + timeoutMs;
  for (let found = await receipt(); ; found = await receipt()) {
    if (found?.status === '0x1') return;
    if (found) throw new Error(`"${step.name}" was mined and reverted: ${hash}`);
    if (Date.now() > deadline) throw new Error(`"${step.name}" was not mined in time: ${hash}`);
    await rpc.call('eth_sendRawTransaction', [raw], z.string()).catch((error: unknown) => {
      if (!(error instanceof RpcError) || !/known|already|nonce too low|underpriced/i.test(error.message)) throw error;
    });
    if (mine) await rpc.call('evm_mine', [], z.unknown());
    else if (!(await receipt())) await sleep(pollMs);
  }
}
