// Whether what a node says can be true. Each check names what it found; a node that fails one is not believed in anything
// of this step, and another is asked. Of what is not ours only the place and the marks count.
import type { Header, Log, Place } from './block.js';
import { bloomOf, mayHold, mayHoldLog, sameBloom } from './bloom.js';

/** What is wrong, in words for the log; nothing when all is well. */
type Complaint = string | undefined;

/** Whose events are ours: topics by contract address. */
export type Watched = ReadonlyMap<string, ReadonlySet<string>>;

export const isOurs = (watched: Watched, log: Pick<Log, 'address' | 'topics'>): boolean =>
  watched.get(log.address)?.has(log.topics[0] ?? '') ?? false;

/** Whether the filter of a block lets our events be in it. It may say yes in vain; it never says no in vain. */
export function mayBeOurs(watched: Watched, bloom: Uint8Array): boolean {
  for (const [address, topics] of watched) {
    if (!mayHold(bloom, address)) continue;
    for (const topic of topics) if (mayHold(bloom, topic)) return true;
  }
  return false;
}

/** All logs of one block, whoever wrote them: numbered from 0 without a gap, and together exactly its bloom filter. */
export function checkBlock(header: Header, logs: readonly Log[]): Complaint {
  let transaction = { index: -1, hash: '' };
  for (const [i, log] of logs.entries()) {
    const where = `log ${log.index} of block ${header.number}`;
    if (log.blockHash !== header.hash) return `${where} is of another block, ${log.blockHash}`;
    if (log.block !== header.number) return `${where} says it is of block ${log.block}`;
    if (log.index !== i) return `${where} stands at place ${i}: logs are missing, doubled or out of order`;
    if (log.transactionIndex < transaction.index) return `${where} is of an earlier transaction than the one before`;
    const same = log.transactionIndex === transaction.index;
    if (same !== (log.transaction === transaction.hash)) return `${where} is of a transaction with two places`;
    transaction = { index: log.transactionIndex, hash: log.transaction };
  }
  if (!sameBloom(bloomOf(logs), header.bloom))
    return `the logs of block ${header.number} are not those of its bloom filter`;
  return undefined;
}

/** How many logs the receipts of a block hold, where the node tells; the end of a list leaves no gap when it is missing. */
export function checkCount(header: Place, logs: readonly Log[], counted: number | undefined): Complaint {
  if (counted === undefined || counted === logs.length) return undefined;
  return `block ${header.number} has ${counted} logs by its receipts, ${logs.length} were told`;
}

/** Headers of consecutive blocks from `parent` on, each the child of the one before. */
export function checkLinks(parent: Place, headers: readonly Header[]): Complaint {
  let before = parent;
  for (const header of headers) {
    if (header.number !== before.number + 1)
      return `block ${header.number} came where ${before.number + 1} was asked for`;
    if (header.parentHash !== before.hash) return `block ${header.number} is no child of ${before.hash}`;
    before = header;
  }
  return undefined;
}

/** Our logs in a range of blocks: in order, each of one of these very blocks, ours, and let in by the bloom filter. */
export function checkRange(watched: Watched, headers: readonly Header[], logs: readonly Log[]): Complaint {
  const byNumber = new Map(headers.map(header => [header.number, header]));
  let before = { block: -1, index: -1 };
  for (const log of logs) {
    const where = `log ${log.index} of block ${log.block}`;
    const header = byNumber.get(log.block);
    if (!header) return `${where} is not of the range`;
    if (log.blockHash !== header.hash) return `${where} is of another block, ${log.blockHash}`;
    if (log.block < before.block || (log.block === before.block && log.index <= before.index)) {
      return `${where} is doubled or out of order`;
    }
    if (!isOurs(watched, log)) return `${where} was not asked for`;
    if (!mayHoldLog(header.bloom, log)) return `${where} is not in the bloom filter of its block`;
    before = log;
  }
  return undefined;
}

/** What a range said of one block beside what the block itself says when it is asked by its hash. */
export function checkAgain(
  header: Place,
  told: readonly Log[],
  again: readonly Pick<Log, 'index' | 'data'>[],
): Complaint {
  const same =
    told.length === again.length && told.every((log, i) => log.index === again[i]?.index && log.data === again[i].data);
  return same ? undefined : `block ${header.number} has ${again.length} logs by its hash, ${told.length} in a range`;
}
