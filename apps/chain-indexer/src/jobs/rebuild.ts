// The proof that nothing was lost on the way: the tables once more from the first block on, in a schema beside the live
// one, up to the block that is final in the live one; then both are compared. The live tables are only read.
import type { Providers } from '@arena/chain';
import { pgDatabase } from '@arena/db';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainStatus } from '../chain/status.js';
import type { Finality } from '../chain/questions.js';
import { BESIDE, dropBeside, LIVE, makeBeside } from '../store/beside.js';
import { compare, type Comparison } from '../store/compare.js';
import { loadChain } from '../store/progress.js';
import type { Followed } from '../subject.js';
import { createFollower } from './follow.js';

export interface RebuildOptions extends Followed {
  /** Of the role that owns the live schema. */
  readonly ownerUrl: string;
  readonly providers: Pick<Providers, 'use'>;
  readonly finality: Finality;
  readonly say: (line: string) => void;
}

export interface Rebuilt {
  readonly upTo: number;
  readonly tables: readonly Comparison[];
}

/** A node may be a moment behind the one that the live tables were read from. */
const PATIENCE = 60;

export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { ownerUrl, subject, say } = options;
  const owner = pgDatabase({
    url: ownerUrl,
    max: 2,
    statementTimeoutMs: 3_600_000,
    applicationName: 'chain-indexer rebuild',
  });
  try {
    const live = await loadChain(owner.read, subject);
    if (!live) throw new Error('the live tables are empty: there is nothing to compare with');
    const upTo = live.finalised;
    const beside = await makeBeside(owner.read, ownerUrl);
    try {
      const status = new ChainStatus();
      const follower = createFollower({ ...options, database: beside, status, upTo });
      for (let waited = 0; status.head?.number !== upTo || status.finalised !== upTo;) {
        const outcome = await follower.round();
        if (outcome === 'halted') throw new Error(status.halted ?? 'halted');
        if (outcome === 'more')
          say(`block ${status.head?.number ?? options.startBlock} of ${upTo}, ${status.facts} events`);
        else if (status.head?.number !== upTo) {
          if (++waited > PATIENCE) throw new Error(`no node says that block ${upTo} is final`);
          await sleep(1_000);
        }
      }
      return { upTo, tables: await compare(owner.read, LIVE, BESIDE, upTo) };
    } finally {
      await beside.close();
      await dropBeside(owner.read);
    }
  } finally {
    await owner.close();
  }
}
