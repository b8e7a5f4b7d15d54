// One block that can still be undone, by its hash, with the facts that it holds.
import type { Endpoint } from '@arena/chain';
import type { Header, Log } from '../core/block.js';
import { checkBlock, checkCount, isOurs, mayBeOurs, type Watched } from '../core/check-logs.js';
import { factOf } from '../core/events.js';
import type { Fact } from '../core/fact-tables.js';
import { Malformed } from '../core/words.js';
import { countOf, doubt, logsOf } from './questions.js';

export interface Block {
  readonly header: Header;
  readonly facts: readonly Fact[];
}

export async function fetchBlock(node: Endpoint, watched: Watched, header: Header): Promise<Block> {
  // Only where something of ours may be missing is it worth counting.
  const count = mayBeOurs(watched, header.bloom) ? countOf(node, header) : undefined;
  const [logs, counted] = await Promise.all([logsOf(node, header), count]);
  const complaint = checkBlock(header, logs) ?? checkCount(header, logs, counted);
  if (complaint !== undefined) throw doubt(node, complaint);
  return { header, facts: factsOf(node, watched, logs, () => header.at) };
}

/** A log of our contracts that is not what its topic says was not written by them. */
export function factsOf(node: Endpoint, watched: Watched, logs: readonly Log[], at: (log: Log) => number): Fact[] {
  try {
    return logs.filter(log => isOurs(watched, log)).map(log => factOf(log, at(log)));
  } catch (error) {
    if (error instanceof Malformed) throw doubt(node, error.message);
    throw error;
  }
}
