// Range after range up to what is final, the next one fetched while the last one is written.
import { type Endpoint, RpcError } from '@arena/chain';
import type { Place } from '../core/block.js';
import type { Watched } from '../core/check-logs.js';
import { firstSize, nextSize, type RangeSize } from '../core/range-size.js';
import { fetchRange, type Range, type Unlinked } from './fetch-range.js';

/** What each node took last: their limits differ. */
const sizes = new WeakMap<Endpoint, RangeSize>();

export async function* backfill(
  node: Endpoint,
  watched: Watched,
  parent: Place,
  to: number,
): AsyncGenerator<Range | Unlinked> {
  let coming: Promise<Range | Unlinked> | undefined = fetchSome(node, watched, parent, to);
  while (coming) {
    const range: Range | Unlinked = await coming;
    coming = 'end' in range && range.end.number < to ? fetchSome(node, watched, range.end, to) : undefined;
    // If the writer fails nobody awaits it any more.
    coming?.catch(() => undefined);
    yield range;
  }
}

async function fetchSome(node: Endpoint, watched: Watched, parent: Place, to: number): Promise<Range | Unlinked> {
  for (;;) {
    const size = sizes.get(node) ?? firstSize;
    const last = Math.min(to, parent.number + size.blocks);
    const asked = last - parent.number;
    try {
      const range = await fetchRange(node, watched, parent, last);
      if ('end' in range) sizes.set(node, nextSize(size, { answer: 'taken', logs: range.facts.length }));
      return range;
    } catch (error) {
      if (!(error instanceof RpcError) || error.kind !== 'range-too-large' || asked === 1) throw error;
      const { suggested } = error;
      const blocks = suggested && suggested.from === parent.number + 1 ? suggested.to - parent.number : undefined;
      sizes.set(node, nextSize(size, { answer: 'refused', asked, suggested: blocks }));
    }
  }
}
