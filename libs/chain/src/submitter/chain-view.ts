import { z } from 'zod';
import { bigQuantity, quantity, toQuantity } from '../rpc/quantity.js';
import { RpcError } from '../rpc/rpc-error.js';
import type { Rpc } from '../rpc/rpc.js';
import type { ChainView, Receipt } from './core/decide.js';

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const Head = z.object({ number: quantity, hash, baseFeePerGas: bigQuantity });
const Numbered = z.object({ number: quantity, hash });
const ReceiptAnswer = z
  .object({
    transactionHash: hash,
    blockNumber: quantity,
    blockHash: hash,
    status: z.enum(['0x0', '0x1']),
  })
  .nullable();

export interface Sight extends ChainView {
  head: number;
  /** Transactions of the sender in the newest block's state. */
  used: number;
}

export type Finality = 'finalized' | { confirmations: number };

/** What is final is asked first: what is seen after it can only be newer. */
export async function lookAt(rpc: Rpc, sender: string, finality: Finality, hashes: readonly string[]): Promise<Sight> {
  const head = await rpc.call('eth_getBlockByNumber', ['latest', false], Head);
  const finalised = await finalHeight(rpc, finality, head.number);
  const [finalCount, used, tip, receipts] = await Promise.all([
    rpc.call('eth_getTransactionCount', [sender, toQuantity(finalised)], quantity),
    rpc.call('eth_getTransactionCount', [sender, 'latest'], quantity),
    suggestedTip(rpc),
    receiptsOf(rpc, hashes),
  ]);
  const market = { baseFee: head.baseFeePerGas, tip };
  return { head: head.number, finalised, finalCount, used, market, receipts };
}

async function finalHeight(rpc: Rpc, finality: Finality, head: number): Promise<number> {
  if (finality !== 'finalized') return Math.max(0, head - finality.confirmations);
  return (await rpc.call('eth_getBlockByNumber', ['finalized', false], Numbered)).number;
}

/** Not every node has an opinion. */
const suggestedTip = (rpc: Rpc): Promise<bigint> =>
  rpc.call('eth_maxPriorityFeePerGas', [], bigQuantity).catch((error: unknown) => {
    if (error instanceof RpcError) return 0n;
    throw error;
  });

async function receiptsOf(rpc: Rpc, hashes: readonly string[]): Promise<ReadonlyMap<string, Receipt>> {
  const questions = hashes.map(each => ({ method: 'eth_getTransactionReceipt', params: [each] }));
  const answers = await rpc.batch(questions, ReceiptAnswer);
  const found = answers.flatMap((receipt, position): [string, Receipt][] => {
    // An answer about another transaction is no answer.
    if (!receipt || receipt.transactionHash !== hashes[position]) return [];
    const { transactionHash, blockNumber, blockHash, status } = receipt;
    const block = { number: blockNumber, hash: blockHash };
    return [[transactionHash, { hash: transactionHash, block, succeeded: status === '0x1' }]];
  });
  return new Map(found);
}

/** The hash of the block at that height in the chain that the node now takes for the right one. */
export const canonicalHash = async (rpc: Rpc, height: number): Promise<string> =>
  (await rpc.call('eth_getBlockByNumber', [toQuantity(height), false], Numbered)).hash;
