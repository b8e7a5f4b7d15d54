// The end of intake: accepted, rejected, or given up, in one transaction with all that follows from it for others.
import { crashPoint } from '@arena/db';
import { epsilonPpm, judgeClose, judgeEqual, type EarlierModel, type Likeness } from '../../core/copies.js';
import type { Inspected } from '../../core/intake.js';
import { accept, disqualify, reject, rejection, withdraw, type In, type Rejection } from '../../core/submission.js';
import type { Tx } from '../../store/database.js';
import { endIntake, holdJob, saveReport } from '../../store/intake.js';
import { addModel, equalModels, flagModel, holdTaskModels, modelsOf } from '../../store/models.js';
import { moveSubmission } from '../../store/submission-moves.js';
import { holdSubmission, saveChange, type StoredSubmission } from '../../store/submissions.js';
import { comparisonOf, type Similar } from './compare.js';
import type { IntakeParts, Work } from './parts.js';
import type { Refusal } from './prepare.js';

export type Held = StoredSubmission & { state: In<'inspecting'> };

/** Locked, and still ours; a job that is not is lost. The submission first: so does whoever withdraws it. */
export async function holdWork(tx: Tx, { job }: Work): Promise<Held> {
  const held = await holdSubmission(tx, job.submission);
  await holdJob(tx, job);
  if (held?.state.state !== 'inspecting') throw new Error(`${job.submission} has a job, but is not inspected`);
  return { ...held, state: held.state };
}

export const refuse = ({ database, clock }: IntakeParts, work: Work, { reasons, report }: Refusal): Promise<void> =>
  database.transaction(async tx => {
    const held = await holdWork(tx, work);
    await saveReport(tx, held.submission, report);
    await refuseHeld(tx, held, reasons, clock());
  });

const refuseHeld = (tx: Tx, held: Held, reasons: Rejection[], at: Date) =>
  moveSubmission(tx, held, reject(held.state, reasons, at), { what: 'rejected', at });

/** A task that is over takes nothing any more; nobody did anything wrong. */
export const giveUp = ({ database, clock }: IntakeParts, work: Work): Promise<void> =>
  database.transaction(async tx => {
    const held = await holdWork(tx, work);
    const at = clock();
    const reason = `The task is ${work.task.phase}`;
    await moveSubmission(tx, held, withdraw(held.state, at), { what: 'withdrawn', reason, at });
  });

export async function settle(
  parts: IntakeParts,
  work: Work & { found: Inspected },
  starter: Uint8Array | undefined,
): Promise<'accepted' | 'rejected'> {
  const { task, submission, found } = work;
  const { copies } = task.spec;
  const { trainer } = submission;
  const thresholdPpm = copies.similarityPpm;
  const compare = comparisonOf({ task: task.task, trainer, found, thresholdPpm, starter });
  const before = await compare(parts.database.read);
  crashPoint('intake.compared');
  const outcome = await parts.database.transaction(async tx => {
    await holdTaskModels(tx, task.task);
    const held = await holdWork(tx, work);
    await saveReport(tx, held.submission, found.report);
    const at = parts.clock();
    const { knownSince } = held.state;
    const exact = judgeEqual({ trainer, knownSince }, await equalModels(tx, task.task, found.print.sha256));
    if (exact.verdict === 'duplicate') {
      const which = exact.own === null ? 'an earlier model of this task' : `your own submission ${exact.own}`;
      const reason = rejection('submission/duplicate-model', `Its canonical form equals that of ${which}`);
      await refuseHeld(tx, held, [reason], at);
      return 'rejected';
    }
    for (const model of exact.disqualify) await disqualifyModel(tx, model, at);
    const similar = await compare(tx, before);
    await acceptHeld(tx, { held, found, knownSince, at });
    await flag(tx, { work, knownSince, at, similar, beside: exact.disqualify });
    await supersede(tx, held, at);
    await endIntake(tx, held.submission);
    return 'accepted';
  });
  crashPoint('intake.settled');
  return outcome;
}

async function disqualifyModel(tx: Tx, { submission }: EarlierModel, at: Date): Promise<void> {
  const other = await holdSubmission(tx, submission);
  if (other?.state.state !== 'accepted') return;
  const reason = rejection('submission/earlier-commitment', 'Another trainer provably had this model before you');
  await moveSubmission(tx, other, disqualify(other.state, [reason], at), { what: 'disqualified', at });
}

interface Accepting {
  held: Held;
  found: Inspected;
  knownSince: Date;
  at: Date;
}

async function acceptHeld(tx: Tx, { held, found: { print, blind }, knownSince, at }: Accepting): Promise<void> {
  const { submission, task, trainer, state } = held;
  await addModel(tx, { submission, task, trainer, print, blind, knownSince, acceptedAt: at });
  await moveSubmission(tx, held, accept(state, at), { what: 'accepted', at, digest: print.sha256 });
}

interface Flagging {
  work: Work;
  knownSince: Date;
  at: Date;
  similar: Similar;
  /** They equal it, and were disqualified for that. */
  beside: readonly EarlierModel[];
}

async function flag(tx: Tx, { work, knownSince, at, similar, beside }: Flagging): Promise<void> {
  const { submission, trainer } = work.submission;
  const terms = work.task.spec.copies;
  const others = [...similar.likeness.keys()].filter(key => !beside.some(model => model.submission === key));
  const models = others.length > 0 ? await modelsOf(tx, others) : [];
  const close: Likeness[] = models.map(model => {
    return { ...model, similarityPpm: similar.likeness.get(model.submission) ?? 0 };
  });
  const { original, copies } = judgeClose({ trainer, knownSince }, close);
  if (original) {
    const age = at.getTime() - original.acceptedAt.getTime();
    const { similarityPpm } = original;
    await flagOne(
      tx,
      submission,
      { original: original.submission, similarityPpm, epsilonPpm: epsilonPpm(terms, age) },
      at,
    );
  }
  for (const { submission: copy, similarityPpm } of copies)
    await flagOne(tx, copy, { original: submission, similarityPpm, epsilonPpm: epsilonPpm(terms, 0) }, at);
}

async function flagOne(tx: Tx, submission: string, terms: Parameters<typeof flagModel>[2], at: Date): Promise<void> {
  const { count } = await flagModel(tx, submission, terms);
  const held = count > 0 ? await holdSubmission(tx, submission) : undefined;
  if (!held) return;
  const { similarityPpm, epsilonPpm: epsilon } = terms;
  const reason = `It is close to a model that was known before: similarity ${similarityPpm} ppm; it must be better than that by ${epsilon} ppm of its key`;
  await saveChange(tx, held, held.state, { what: 'flagged', reason, at });
}

async function supersede(tx: Tx, { submission, supersedes, trainer }: Held, at: Date): Promise<void> {
  const older = supersedes === null ? undefined : await holdSubmission(tx, supersedes);
  if (!older || older.trainer !== trainer) return;
  if (older.state.state !== 'inspecting' && older.state.state !== 'accepted') return;
  const reason = `Superseded by ${submission}`;
  await moveSubmission(tx, older, withdraw(older.state, at, submission), { what: 'superseded', reason, at });
}
