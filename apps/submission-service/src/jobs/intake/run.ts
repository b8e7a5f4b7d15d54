// One job of intake at a time. A process may be killed between any two lines: whoever takes the job up finds what was
// done in `found` or in the buckets, and goes on. What goes wrong with the store, the database or the disk puts a job
// off; only what is wrong with the model itself, or a child that died over it twice, ends one.
import { backoffMs, CRASHES_AT_MOST, DEATHS_AT_MOST, isInspected } from '../../core/intake.js';
import { rejection } from '../../core/submission.js';
import { blindKeysInUse, giveBack, JobLost, renewLease, takeIntake, type IntakeJob } from '../../store/intake.js';
import { findTask } from '../../store/known-tasks.js';
import { findSubmission } from '../../store/submissions.js';
import { ChildCrashed } from './child.js';
import { metered, type IntakeParts, type Work } from './parts.js';
import { prepare } from './prepare.js';
import { giveUp, refuse, settle } from './settle.js';
import { awaitStake } from './stake.js';
import { starterSketch } from './starter.js';

const STAKE_EVERY_MS = 2_000;

type Outcome = 'accepted' | 'rejected' | 'given up' | 'waiting';

/** Takes up the job that waits longest; tells whether there was one. */
export async function runNext(parts: IntakeParts): Promise<boolean> {
  const { database, leaseMs = 30_000 } = parts;
  const job = await takeIntake(database.read, parts.instance, leaseMs);
  if (!job) return false;
  const lost = new AbortController();
  const lose = (error: unknown) => error instanceof JobLost && lost.abort(error);
  const lease = setInterval(() => void renewLease(database.read, job, leaseMs).catch(lose), leaseMs / 3);
  try {
    const outcome = await work(parts, job, AbortSignal.any([parts.stopping, lost.signal]));
    if (outcome === 'waiting') await giveBack(database.read, job, { afterMs: STAKE_EVERY_MS });
    else parts.log.info({ submission: job.submission, outcome }, 'intake is done');
    if (outcome === 'rejected' || outcome === 'given up') await discard(parts, job);
  } catch (error) {
    await putOff(parts, job, lost.signal.aborted ? lost.signal.reason : error);
  } finally {
    clearInterval(lease);
  }
  return true;
}

async function work(parts: IntakeParts, job: IntakeJob, stopping: AbortSignal): Promise<Outcome> {
  const { log } = parts;
  const [submission, task] = await load(parts, job);
  const having: Work = { job, submission, task, stopping };
  if (task.phase === 'cancelled' || task.phase === 'finalised') {
    await giveUp(parts, having);
    return 'given up';
  }
  const { crashes, deaths } = job;
  if (crashes >= CRASHES_AT_MOST || deaths >= DEATHS_AT_MOST) {
    log.error(
      { submission: job.submission, crashes, deaths },
      'POISON: intake broke down over a model, which is put aside',
    );
    const reason = rejection(
      'submission/cannot-be-inspected',
      'Our inspector broke down over it; the place in your quota is given back',
    );
    await refuse(parts, having, { reasons: [reason], report: null });
    return 'rejected';
  }
  const refusal = job.found.blind?.published ? undefined : await prepare(parts, having);
  if (refusal) {
    await refuse(parts, having, refusal);
    return 'rejected';
  }
  const stake = await awaitStake(parts, having);
  if (stake === 'waiting') return 'waiting';
  if (stake !== 'final') {
    await refuse(parts, having, stake);
    return 'rejected';
  }
  const { found } = job;
  if (!isInspected(found)) throw new Error('intake has lost what it found');
  const starter = await starterSketch(parts, task, stopping);
  stopping.throwIfAborted();
  return metered(parts, 'comparing', () => settle(parts, { ...having, found }, starter));
}

async function load({ database }: IntakeParts, { submission: id }: IntakeJob) {
  const submission = await findSubmission(database.read, id);
  const task = submission && (await findTask(database.read, submission.task));
  if (!task) throw new Error(`the task of ${id} is not known`);
  return [submission, task] as const;
}

async function putOff(parts: IntakeParts, job: IntakeJob, error: unknown): Promise<void> {
  const { database, log, stopping, meter } = parts;
  const { submission } = job;
  if (error instanceof JobLost) return discard(parts, job);
  if (stopping.aborted) return void (await giveBack(database.read, job, { afterMs: 0 }));
  const crashed = error instanceof ChildCrashed;
  if (crashed) {
    meter.crashed();
    log.error({ submission, crash: error.message, crashes: job.crashes + 1 }, 'the inspector broke down over a model');
  } else log.warn({ err: error, submission, tries: job.tries + 1 }, 'intake is put off');
  await giveBack(database.read, job, { afterMs: backoffMs(job.tries), tried: true, crashed });
}

/** What lies in the bucket of blind models for nobody. Where this is cut short, the sweeper comes by. */
async function discard({ database, blind, log }: IntakeParts, { found, submission }: IntakeJob): Promise<void> {
  const key = found.blind?.key;
  if (key === undefined || (await blindKeysInUse(database.read, [key])).size > 0) return;
  await blind
    .remove(key)
    .catch((err: unknown) => log.warn({ err, submission }, 'a blind model is left to the sweeper'));
}
