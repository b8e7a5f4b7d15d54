// What is asked of one node. Blocks that can still be undone are asked for by hash alone, so that an answer is about them
// or not at all; a number means whatever block the node has there at this moment.
import { type Endpoint, type Question, quantity, RpcError, toQuantity } from '@arena/chain';
import type { Header, Log, Place } from '../core/block.js';
import type { Watched } from '../core/check-logs.js';
import { type Mark, parseHeader, parseLogs, parseMarks } from './parse.js';

/** Which blocks can't be undone: what the node calls finalised, or what lies so many blocks below its head. */
export type Finality = 'tag' | number;

/** The node said what can't be. It counts against it, and another one is asked. */
export const doubt = (node: Endpoint, why: string): RpcError =>
  new RpcError('bad-answer', `${node.name}: ${why}`, { provider: node.name });

export interface View {
  readonly tip: Header;
  readonly finalised: Header;
}

const byNumber = (number: number | 'latest' | 'finalized'): Question => ({
  method: 'eth_getBlockByNumber',
  params: [typeof number === 'number' ? toQuantity(number) : number, false],
});

/** Where the node is. Its chain is asked for each time: behind one address there may be another node by now. */
export async function viewOf(node: Endpoint, chainId: number, finality: Finality): Promise<View> {
  const questions = [{ method: 'eth_chainId', params: [] }, byNumber('latest')];
  if (finality === 'tag') questions.push(byNumber('finalized'));
  const [id, tip, tagged] = await node.batch(questions, raw =>
    typeof raw === 'string' ? quantity.parse(raw) : parseHeader(raw),
  );
  if (id !== chainId) throw doubt(node, `is of chain ${JSON.stringify(id)}, not ${chainId}`);
  if (typeof tip !== 'object' || typeof tagged === 'number') throw doubt(node, 'told a number in place of a block');
  const finalised = tagged ?? (await headerAt(node, Math.max(0, tip.number - Number(finality))));
  if (finalised.number > tip.number)
    throw doubt(node, `its finalised block ${finalised.number} is above its head ${tip.number}`);
  return { tip, finalised };
}

export async function headerAt(node: Endpoint, number: number): Promise<Header> {
  const { method, params } = byNumber(number);
  const header = await node.call(method, params, parseHeader);
  if (header.number !== number) throw doubt(node, `gave block ${header.number} for ${number}`);
  return header;
}

export async function headerOf(node: Endpoint, { number, hash }: Place): Promise<Header> {
  const header = await node.call('eth_getBlockByHash', [hash, false], parseHeader);
  if (header.hash !== hash || header.number !== number) throw doubt(node, `gave block ${header.hash} for ${hash}`);
  return header;
}

export const headersBetween = (node: Endpoint, from: number, to: number): Promise<Header[]> =>
  node.batch(
    Array.from({ length: to - from + 1 }, (_, i) => byNumber(from + i)),
    parseHeader,
  );

/** All logs of a block, whoever wrote them. */
export const logsOf = (node: Endpoint, { hash }: Place): Promise<Log[]> =>
  node.call('eth_getLogs', [{ blockHash: hash }], parseLogs);

const filterOf = (watched: Watched) => ({
  address: [...watched.keys()],
  topics: [[...watched.values()].flatMap(topics => [...topics])],
});

export const ourLogsBetween = (node: Endpoint, watched: Watched, from: number, to: number): Promise<Log[]> => {
  const range = { fromBlock: toQuantity(from), toBlock: toQuantity(to) };
  return node.call('eth_getLogs', [{ ...range, ...filterOf(watched) }], parseLogs);
};

/** Our logs of blocks by their hashes, to be held against what is known of them already. */
export const ourMarksOf = (node: Endpoint, watched: Watched, blocks: readonly Place[]): Promise<Mark[][]> =>
  node.batch(
    blocks.map(({ hash }) => ({ method: 'eth_getLogs', params: [{ blockHash: hash, ...filterOf(watched) }] })),
    parseMarks,
  );

const withoutReceipts = new WeakSet<Endpoint>();

/** How many logs the receipts of a block hold; undefined where the node does not give the receipts of whole blocks. */
export async function countOf(node: Endpoint, { hash }: Place): Promise<number | undefined> {
  if (withoutReceipts.has(node)) return undefined;
  try {
    return await node.call('eth_getBlockReceipts', [hash], countLogs);
  } catch (error) {
    if (!(error instanceof RpcError) || (error.code !== -32601 && error.kind !== 'rpc-error')) throw error;
    withoutReceipts.add(node);
    return undefined;
  }
}

function countLogs(raw: unknown): number {
  if (!Array.isArray(raw)) throw new TypeError('receipts are not a list');
  return raw.reduce((sum: number, receipt: { logs?: unknown } | null) => {
    if (!Array.isArray(receipt?.logs)) throw new TypeError('a receipt has no logs');
    return sum + receipt.logs.length;
  }, 0);
}
