// What the registry on chain says of a task, put together from its events. They may come in any order, so all are kept,
// and those count that follow on one another from the first: what has a gap before it waits.
import type { Payload } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import type { Schedule, TaskCommand } from './task.js';

export interface ChainFact {
  version: number;
  said: Payload<'task.registered.v1'>;
}

/** What an opening commits to. */
export interface Opening {
  specHash: string;
  schedule: Schedule;
}

interface Registered {
  /** Of the last fact that counts, as are transaction and block. */
  version: number;
  transaction: string;
  block: number;
  creator: string;
  bounty: string;
}

export type ChainView = Registered &
  (
    | { status: 'created' | 'verified'; opening: null }
    | { status: 'opened'; opening: Opening }
    | { status: 'finalised'; opening: Opening; rankingRoot: string }
    | { status: 'cancelled'; opening: Opening | null }
  );

export function chainView(facts: readonly ChainFact[]): ChainView | undefined {
  const inOrder = [...facts].sort((a, b) => a.version - b.version);
  return inOrder.reduce<ChainView | undefined>(
    (view, fact) => (fact.version === (view?.version ?? 0) + 1 ? (next(view, fact) ?? view) : view),
    undefined,
  );
}

/** Undefined for what the registry cannot have done to such a task. */
function next(before: ChainView | undefined, { version, said }: ChainFact): ChainView | undefined {
  const { transaction, block } = said;
  if (said.change === 'created') {
    const { creator, bounty } = said;
    return before ? undefined : { version, transaction, block, creator, bounty, status: 'created', opening: null };
  }
  if (!before) return undefined;
  const { creator, bounty, opening } = before;
  const registered = { version, transaction, block, creator, bounty };
  switch (said.change) {
    case 'verified':
      return { ...registered, status: 'verified', opening: null };
    case 'opened':
      return {
        ...registered,
        status: 'opened',
        opening: { specHash: said.specHash, schedule: scheduleIn(said.schedule) },
      };
    case 'extended':
      return opening ? { ...registered, status: 'opened', opening: { ...opening, schedule: scheduleIn(said.schedule) } } : undefined; // prettier-ignore
    case 'finalised':
      return opening ? { ...registered, status: 'finalised', opening, rankingRoot: said.rankingRoot } : undefined;
    case 'cancelled':
      return { ...registered, status: 'cancelled', opening };
  }
}

const scheduleIn = ({ opensAt, closesAt, finalEndsAt }: { [K in keyof Schedule]: string }): Schedule => ({
  opensAt: new Date(opensAt),
  closesAt: new Date(closesAt),
  finalEndsAt: new Date(finalEndsAt),
});

/** The registry takes 32 bytes; here the hash of a spec is written as plain hex. */
export const isCommitted = ({ specHash }: Opening, here: string): boolean => specHash === `0x${here}`;

const instead = {
  verify: 'verify(task)',
  open: 'open(task, specHash, opensAt, closesAt, finalEndsAt)',
  extend: 'extend(task, closesAt, finalEndsAt)',
  cancel: 'cancel(task)',
  finalise: null,
} as const satisfies Partial<Record<TaskCommand['do'], string | null>>;

/** Once a task is on chain, the chain alone moves it. Pausing stays: an emergency brake that no transaction waits for. */
export function assertOffChain(chain: ChainView | null, command: TaskCommand): void {
  if (!chain || !(command.do in instead)) return;
  const call = instead[command.do as keyof typeof instead];
  const detail = call
    ? `Sign ${call} of the task registry with an admin's wallet: the task moves when that is final.`
    : 'The rewards service sends finalise(task, rankingRoot) to the task registry: the task moves when that is final.';
  throw new DomainError('task/on-chain', { detail });
}

/** What the chain has committed to stands. A spec that is not what was committed to may still become it. */
export function assertUncommitted(chain: ChainView | null, specHash: string): void {
  if (chain?.opening && isCommitted(chain.opening, specHash))
    throw new DomainError('task/immutable', { detail: 'Its hash is on chain already.' });
}
