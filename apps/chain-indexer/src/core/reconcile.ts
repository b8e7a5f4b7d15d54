// What to do about a block that a node tells of. The node's newest block is taken first; while it does not join on to our
// chain its parent is asked for, and then that one's: `oldest` is the end of that ladder. A reorganisation is nothing
// special: the ladder meets our chain below its head.
import type { Header, Place } from './block.js';

export interface LocalChain {
  readonly head: Place;
  /** No block up to this number is ever undone. */
  readonly finalised: number;
  /** Hashes of our chain, from the finalised block to the head, without a gap. */
  readonly hashes: ReadonlyMap<number, string>;
}

export type Decision =
  /** Known already; or so old that nothing can be said about it. */
  | { readonly do: 'ignore'; readonly because: 'known' | 'stale' }
  | { readonly do: 'append' }
  /** Far behind what is final: by ranges. */
  | { readonly do: 'fill'; readonly from: number; readonly to: number }
  | { readonly do: 'ask-parent'; readonly parent: Place }
  | { readonly do: 'rewind'; readonly to: Place }
  /** The node's chain forks from ours below finality. */
  | { readonly do: 'halt'; readonly finalised: Place; readonly instead: Place };

/** Up to so many blocks the ladder is climbed block by block, by hash. */
export const NEAR = 4;

type Rung = Pick<Header, 'number' | 'hash' | 'parentHash'>;

export function reconcile(local: LocalChain, oldest: Rung, nodeFinalised: number): Decision {
  const { head, finalised, hashes } = local;
  if (hashes.get(oldest.number) === oldest.hash) return { do: 'ignore', because: 'known' };
  if (oldest.number < finalised) return { do: 'ignore', because: 'stale' };
  if (oldest.number === finalised) return halt(local, oldest);
  const parent = { number: oldest.number - 1, hash: oldest.parentHash };
  if (hashes.get(parent.number) === parent.hash) {
    return parent.number === head.number ? { do: 'append' } : { do: 'rewind', to: parent };
  }
  if (parent.number === finalised) return halt(local, parent);
  const behind = nodeFinalised - head.number;
  if (parent.number > head.number && behind > NEAR) return { do: 'fill', from: head.number + 1, to: nodeFinalised };
  return { do: 'ask-parent', parent };
}

function halt(local: LocalChain, instead: Place): Decision {
  const hash = local.hashes.get(local.finalised) ?? '';
  return {
    do: 'halt',
    finalised: { number: local.finalised, hash },
    instead: { number: instead.number, hash: instead.hash },
  };
}

/**
 * How far finality goes once our head is the node's. A finalised block that is not on our chain moves nothing: the node
 * changed its mind between two answers, and will be asked again.
 */
export function finalisedOf(local: LocalChain, told: Place): number {
  return told.number > local.finalised && local.hashes.get(told.number) === told.hash ? told.number : local.finalised;
}
