// The follower: a round looks where a node is and brings the tables there, step by step. It remembers nothing from round
// to round: what is applied stands in the database, so a round may end anywhere, by whatever dies, and the next one goes on.
import { type Endpoint, type Providers, RpcError } from '@arena/chain';
import type { Database } from '@arena/db';
import { backfill } from '../chain/backfill.js';
import { fetchBlock } from '../chain/fetch-block.js';
import { doubt, type Finality, headerAt, headerOf, type View, viewOf } from '../chain/questions.js';
import type { ChainStatus } from '../chain/status.js';
import type { Header } from '../core/block.js';
import type { Watched } from '../core/check-logs.js';
import { outlookOf } from '../core/outlook.js';
import { finalisedOf, type LocalChain, reconcile } from '../core/reconcile.js';
import { begin, loadChain, OtherSubject, type Subject } from '../store/progress.js';
import { type Passage, stepsOf } from '../store/steps.js';

export interface FollowerOptions {
  readonly database: Database;
  readonly providers: Pick<Providers, 'use'>;
  readonly subject: Subject;
  readonly watched: Watched;
  readonly startBlock: number;
  readonly finality: Finality;
  readonly status: ChainStatus;
  readonly now?: () => Date;
  /** Follow no further; for a rebuild up to a block. */
  readonly upTo?: number;
  readonly passage?: Passage;
}

/** A node's chain forks from ours below finality. */
class Forked extends RpcError {}

/** What a round came to: there is more at once, there is nothing more now, or nothing may be written. */
export type Outcome = 'more' | 'idle' | 'halted';

/** So many rungs a ladder may have: more than any finality. One that is longer leads nowhere. */
const LONGEST_LADDER = 5_000;

export interface Follower {
  round(): Promise<Outcome>;
}

export function createFollower(options: FollowerOptions): Follower {
  const { database, providers, subject, watched, finality, status, startBlock, upTo } = options;
  const { now = () => new Date() } = options;
  const steps = stepsOf(database, options.passage);

  const applied = (local: LocalChain, header: Header): void => {
    const { number, hash } = local.head;
    if (header.hash === hash) status.head = { number, hash, at: new Date(header.at * 1_000) };
    status.finalised = local.finalised;
  };

  async function look(node: Endpoint): Promise<View> {
    const view = await viewOf(node, subject.chainId, finality);
    const { number, hash, at } = view.tip;
    status.nodeHead = { number, hash, at: new Date(at * 1_000) };
    status.heardAt = now();
    if (upTo === undefined || upTo > view.finalised.number) return view;
    const tip = await headerAt(node, upTo);
    return { tip, finalised: tip };
  }

  async function beginAt(node: Endpoint, view: View): Promise<Outcome> {
    if (view.finalised.number < startBlock) return 'idle';
    // Of the origin there is no parent at hand to hold it against: its child must name it.
    const first = await headerAt(node, startBlock);
    const origin = startBlock === 0 ? nothing : await headerAt(node, startBlock - 1);
    if (first.parentHash !== origin.hash) throw doubt(node, `block ${startBlock} is no child of ${origin.hash}`);
    await begin(database, subject, origin);
    return 'more';
  }

  async function fill(node: Endpoint, from: LocalChain, to: number): Promise<LocalChain | Header> {
    let local = from;
    for await (const range of backfill(node, watched, from.head, to)) {
      if ('instead' in range) return range.instead;
      local = await steps.fill(local, range.headers, range.end, range.facts);
      status.facts += range.facts.length;
      applied(local, range.end);
    }
    return local;
  }

  async function follow(node: Endpoint): Promise<Outcome> {
    const view = await look(node);
    let local = await loadChain(database.read, subject);
    if (!local) return beginAt(node, view);
    const outlook = outlookOf(view, finality, now());
    /** From the oldest on; the last is the node's head. */
    const ladder: Header[] = [view.tip];
    let outcome: Outcome = 'idle';
    for (let oldest = ladder[0]; oldest; oldest = ladder[0]) {
      const decision = reconcile(local, oldest, view.finalised.number);
      switch (decision.do) {
        case 'ignore':
          if (decision.because === 'stale') throw doubt(node, `is at block ${oldest.number}, below what is final`);
          ladder.shift();
          break;
        case 'append': {
          const { header, facts } = await fetchBlock(node, watched, oldest);
          local = await steps.append(local, header, facts, outlook);
          status.facts += facts.length;
          applied(local, header);
          ladder.shift();
          break;
        }
        case 'fill': {
          const filled: LocalChain | Header = await fill(node, local, decision.to);
          if (!('parentHash' in filled)) return 'more';
          ladder.splice(0, ladder.length, filled);
          outcome = 'more';
          break;
        }
        case 'ask-parent':
          if (ladder.length > LONGEST_LADDER) throw doubt(node, 'its chain does not come near ours');
          ladder.unshift(await headerOf(node, decision.parent));
          break;
        case 'rewind':
          local = await steps.rewind(local, decision.to, outlook);
          status.rewinds += 1;
          break;
        case 'halt': {
          const { finalised, instead } = decision;
          throw new Forked(
            'bad-answer',
            `${node.name} has block ${instead.hash} where ${finalised.hash} is final (${finalised.number})`,
          );
        }
      }
    }
    const finalised = finalisedOf(local, view.finalised);
    if (finalised > local.finalised) local = await steps.finalise(local, finalised);
    applied(local, view.tip);
    return outcome;
  }

  return {
    async round() {
      /** Who contradicts finality is a liar as long as anybody else does not. */
      let contradiction: Forked | undefined;
      try {
        const outcome = await providers.use(async node => {
          try {
            return await follow(node);
          } catch (error) {
            if (error instanceof Forked) contradiction = error;
            throw otherMayKnow(node, error);
          }
        });
        status.state = 'following';
        status.halted = null;
        return outcome;
      } catch (error) {
        const reason = contradiction ?? error;
        if (!(reason instanceof Forked || reason instanceof OtherSubject)) throw error;
        if (status.state !== 'halted') status.halts += 1;
        status.state = 'halted';
        status.halted = reason.message;
        return 'halted';
      }
    },
  };
}

/** What one node says no to, or finds too much, another may answer. */
function otherMayKnow(node: Endpoint, error: unknown): unknown {
  const refused = error instanceof RpcError && (error.kind === 'rpc-error' || error.kind === 'range-too-large');
  return refused ? doubt(node, error.message) : error;
}

/** What is before the first block of all. */
const nothing: Header = {
  number: -1,
  hash: `0x${'0'.repeat(64)}`,
  parentHash: `0x${'0'.repeat(64)}`,
  at: 0,
  bloom: new Uint8Array(256),
};
