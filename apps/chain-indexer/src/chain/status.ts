// What the follower knows of itself at this moment, in memory: the loop writes it, GET /v1/chain/status and the metrics
// read it. What is applied stands in the database (`progress`); this adds how far the chain is beyond that.
import type { ProviderHealth } from '@arena/chain';

export interface SeenBlock {
  readonly number: number;
  readonly hash: string;
  /** The block's own time. */
  readonly at: Date;
}

export type FollowerState = 'starting' | 'standing-by' | 'following' | 'halted';

export interface ChainSnapshot {
  readonly state: FollowerState;
  /** Why nothing is written any more; null while all is well. */
  readonly halted: string | null;
  /** The newest head a node told of. */
  readonly nodeHead: SeenBlock | null;
  /** The newest block that is applied. */
  readonly head: SeenBlock | null;
  /** Number of the last applied block that can't be undone. */
  readonly finalised: number | null;
  readonly lagBlocks: number | null;
  /** When a node last told of its head. */
  readonly heardAt: Date | null;
  readonly providers: readonly ProviderHealth[];
}

/** A class, so that it is its own token in the container. */
export class ChainStatus {
  state: FollowerState = 'starting';
  halted: string | null = null;
  nodeHead: SeenBlock | null = null;
  head: SeenBlock | null = null;
  finalised: number | null = null;
  heardAt: Date | null = null;
  /** Asked at each look, because health changes by itself. */
  providers: () => readonly ProviderHealth[] = () => [];
  /** For the counters of /metrics. */
  rewinds = 0;
  halts = 0;
  facts = 0;

  get lagBlocks(): number | null {
    return this.nodeHead && this.head ? Math.max(0, this.nodeHead.number - this.head.number) : null;
  }

  snapshot(): ChainSnapshot {
    const { state, halted, nodeHead, head, finalised, lagBlocks, heardAt } = this;
    return { state, halted, nodeHead, head, finalised, lagBlocks, heardAt, providers: this.providers() };
  }
}
