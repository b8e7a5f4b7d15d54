// Blocks that are final, by ranges. They are asked for by number, so everything is made to hang together: headers are a
// chain from our head on, logs are of these very headers, and each block whose bloom filter lets our events in is asked
// again, by its hash. That second answer comes from another index of the node than the first: a node that lags, or cuts
// long answers short without a word, gives itself away.
import type { Endpoint } from '@arena/chain';
import type { Header, Log, Place } from '../core/block.js';
import { checkAgain, checkLinks, checkRange, mayBeOurs, type Watched } from '../core/check-logs.js';
import type { Fact } from '../core/fact-tables.js';
import { groupBy } from '../core/group-by.js';
import { factsOf, fetchBlock } from './fetch-block.js';
import type { Mark } from './parse.js';
import { doubt, headerAt, headersBetween, ourLogsBetween, ourMarksOf } from './questions.js';

export interface Range {
  /** The last block, and those before it that hold facts. */
  readonly headers: readonly Header[];
  readonly end: Header;
  readonly facts: readonly Fact[];
}

/** The node's chain does not go on from our head: this block stands where its child should. */
export interface Unlinked {
  readonly instead: Header;
}

export async function fetchRange(
  node: Endpoint,
  watched: Watched,
  parent: Place,
  to: number,
): Promise<Range | Unlinked> {
  const from = parent.number + 1;
  const headers = await headersBetween(node, from, to);
  const [first] = headers;
  if (first?.number === from && first.parentHash !== parent.hash) return { instead: first };
  const broken = checkLinks(parent, headers);
  const end = headers.at(-1);
  if (broken !== undefined || !end) throw doubt(node, broken ?? 'gave no block');

  const suspects = headers.filter(header => mayBeOurs(watched, header.bloom));
  // One block is no range: by its hash more can be checked.
  if (from === to) return { end, headers, facts: (await fetchBlock(node, watched, end)).facts };
  const again = ourMarksOf(node, watched, suspects);
  again.catch(() => undefined);
  const logs = await ourLogsBetween(node, watched, from, to);
  const told = groupBy(logs, log => log.block);
  const complaint = checkRange(watched, headers, logs) ?? contradiction(suspects, await again, told);
  if (complaint !== undefined) throw doubt(node, complaint);
  if ((await headerAt(node, to)).hash !== end.hash) throw doubt(node, `block ${to} became another while it was read`);

  const times = new Map(headers.map(header => [header.number, header.at]));
  const facts = factsOf(node, watched, logs, log => times.get(log.block) ?? 0);
  return { end, facts, headers: headers.filter(header => header === end || told.has(header.number)) };
}

function contradiction(
  suspects: readonly Header[],
  again: readonly Mark[][],
  told: ReadonlyMap<number, Log[]>,
): string | undefined {
  for (const [i, marks] of again.entries()) {
    const header = suspects[i] as Header;
    const complaint = checkAgain(header, told.get(header.number) ?? [], marks);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}
