// The shell around core/task-follow: facts of the chain, the task's steps, its history, events and audit entry go into
// one transaction, in which the task is locked.
import type { MessageOf } from '@arena/contracts';
import { datasetFaults, datasetsOf } from '../core/task-datasets.js';
import { chainView, type ChainView } from '../core/task-chain.js';
import { follow } from '../core/task-follow.js';
import { recordAudit } from './audit.js';
import type { Tx } from './database.js';
import { findReadyVersions } from './datasets.js';
import { findFacts, findOnChain, keepFact, saveOnChain, type OnChain } from './task-chain.js';
import { takeSteps } from './task-moves.js';
import { holdTask, saveTask, type StoredTask } from './tasks.js';

export interface Following {
  datasetsBucket: string;
  now: Date;
}
/** Why it is looked at: a transaction of the chain, or something here that may have ended a conflict. */
interface Cause {
  action: string;
  transaction: string | null;
}

/** The task as it is then, and the chain's view of it; undefined while the chain's first word has not come. */
export interface Reached {
  task: StoredTask | undefined;
  chain: OnChain;
  /** A conflict that was not there before, or another one. */
  newConflict: boolean;
}

export async function takeFact(
  tx: Tx,
  { entityVersion, payload }: MessageOf<'task.registered.v1'>,
  at: Following,
): Promise<Reached | undefined> {
  const { task, change, transaction } = payload;
  const held = await holdTask(tx, task);
  await keepFact(tx, entityVersion, payload);
  return bring(tx, task, held, at, { action: `chain.${change}`, transaction });
}

/** Looks again, when the spec or its datasets have changed, or the task has come that facts were waiting for. */
export const followAgain = async (tx: Tx, task: number, at: Following): Promise<Reached | undefined> =>
  bring(tx, task, await holdTask(tx, task), at, { action: 'chain.follow', transaction: null });

async function bring(tx: Tx, task: number, held: StoredTask | undefined, at: Following, cause: Cause) {
  const view = chainView(await findFacts(tx, task));
  if (!view) return undefined;
  return held ? bringTask(tx, held, view, at, cause) : keepForLater(tx, task, view, at, cause);
}

async function bringTask(tx: Tx, held: StoredTask, view: ChainView, { datasetsBucket, now }: Following, cause: Cause) {
  const { steps, conflict } = follow({ ...held, datasetFaults: await faultsOf(tx, held) }, view, now);
  const before = held.chain;
  const chain: OnChain = { ...view, conflict };
  const newConflict = conflict !== null && conflict !== before?.conflict;
  const heard = cause.transaction !== null;
  if (!heard && steps.length === 0 && before?.version === view.version && before.conflict === conflict)
    return { task: held, chain, newConflict };
  const actor = `chain:${cause.transaction ?? view.transaction}`;
  const by = { actor, reason: `Transaction ${view.transaction}`, datasetsBucket };
  const moved = await takeSteps(tx, held, steps, by, now);
  // What the answer shows has changed, also when no step was taken.
  const version = steps.length === 0 ? moved.version + 1n : moved.version;
  const stored = { ...moved, chain, version, updatedAt: now };
  await saveTask(tx, stored);
  await saveOnChain(tx, held.task, chain, view.version);
  await audit(tx, held.task, now, actor, cause, conflict, { before: held.state, after: stored.state });
  return { task: stored, chain, newConflict };
}

/** Nothing here has this number, so nothing is moved; if a task gets it one day, its facts are there. */
async function keepForLater(tx: Tx, task: number, view: ChainView, { now }: Following, cause: Cause) {
  const conflict = 'There is no task of this number here';
  const before = await findOnChain(tx, task);
  const chain: OnChain = { ...view, conflict };
  await saveOnChain(tx, task, chain, 0);
  await audit(tx, task, now, `chain:${cause.transaction ?? view.transaction}`, cause, conflict, { after: view });
  return { task: undefined, chain, newConflict: before === null };
}

async function faultsOf(tx: Tx, { state, spec }: StoredTask): Promise<string[]> {
  if (state.phase !== 'draft') return [];
  const ready = await findReadyVersions(tx, datasetsOf(spec).map(({ ref }) => ref)); // prettier-ignore
  return datasetFaults(spec, ready).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

const audit = (
  tx: Tx,
  task: number,
  at: Date,
  actor: string,
  { action }: Cause,
  reason: string | null,
  states: { before?: unknown; after: unknown },
) => recordAudit(tx, { at, actor, action, subject: `task:${task}`, reason, ...states });
