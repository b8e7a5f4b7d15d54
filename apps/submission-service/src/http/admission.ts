// Whether a model may be taken up: asked before anything is done about it, and again with all that could change held
// fast.
import type { Wallet } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import type { Clock } from '@arena/service';
import { stakeOf, stakeStanding } from '@arena/stakes';
import { nextAllowed, QUOTA_WINDOW_MS, quotaOf } from '../core/quota.js';
import { canWithdraw } from '../core/submission.js';
import { assertFits, assertTakesModels, type KnownTask } from '../core/uploading.js';
import type { Tx } from '../store/database.js';
import { findTask, holdTask } from '../store/known-tasks.js';
import { countingSince, holdQuota } from '../store/quota.js';
import { findSubmission } from '../store/submissions.js';

export interface Wanted {
  task: number;
  trainer: Wallet;
  /** Of all files together. */
  size: number;
  supersedes: string | undefined;
}

export interface Admission {
  task: KnownTask;
  now: Date;
}

/** Until the transaction ends the place in the quota is nobody else's, and the task stays as it is. */
export async function admit(tx: Tx, wanted: Wanted, clock: Clock): Promise<Admission> {
  const task = await holdTask(tx, wanted.task);
  await holdQuota(tx, wanted.task, wanted.trainer);
  const now = clock();
  return { task: await assertAdmissible(tx, task, wanted, now), now };
}

/** The same, as far as it can be said without waiting for others: a crowd that is refused shall not queue up for it. */
export const expectAdmission = async (tx: Tx, wanted: Wanted, now: Date): Promise<void> =>
  void (await assertAdmissible(tx, await findTask(tx, wanted.task), wanted, now));

async function assertAdmissible(tx: Tx, task: KnownTask | undefined, wanted: Wanted, now: Date): Promise<KnownTask> {
  assertTakesModels(task, now);
  const { staked, limit, next } = await standingOf(tx, task, wanted.trainer, now);
  if (!staked) throw notStaked(task);
  assertFits(task, wanted.size);
  await assertSupersedes(tx, wanted);
  if (next === null) return task;
  throw new DomainError('submission/quota', {
    detail: `${limit} within 24 hours; the next is allowed at ${next.toISOString()}`,
    retryAfterSeconds: Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1_000)),
  });
}

export async function assertStaked(tx: Tx, task: KnownTask, trainer: Wallet): Promise<void> {
  if ((await stakeStanding(tx, task.task, 'trainer', trainer, minimumOf(task))) === 'none') throw notStaked(task);
}

const notStaked = (task: KnownTask) =>
  new DomainError('submission/not-staked', { detail: `At least ${minimumOf(task)} wei, as trainer` });

async function assertSupersedes(tx: Tx, { task, trainer, supersedes }: Wanted): Promise<void> {
  if (supersedes === undefined) return;
  const earlier = await findSubmission(tx, supersedes);
  if (earlier?.trainer !== trainer || earlier.task !== task)
    throw new DomainError('submission/supersedes', { detail: 'You have no such submission on this task' });
  if (!canWithdraw(earlier.state))
    throw new DomainError('submission/supersedes', { detail: `It is ${earlier.state.state} already` });
}

export interface QuotaStanding {
  staked: boolean;
  limit: number;
  used: number;
  next: Date | null;
  stake: bigint;
  minimum: bigint;
}

export async function standingOf(tx: Tx, task: KnownTask, trainer: Wallet, now: Date): Promise<QuotaStanding> {
  const minimum = minimumOf(task);
  const [held, standing, entries] = await Promise.all([
    stakeOf(tx, task.task, 'trainer', trainer),
    stakeStanding(tx, task.task, 'trainer', trainer, minimum),
    countingSince(tx, task.task, trainer, new Date(now.getTime() - QUOTA_WINDOW_MS)),
  ]);
  const stake = held?.own ?? 0n;
  const staked = standing !== 'none';
  const limit = staked ? quotaOf(task.spec.submissions.perDay, stake > minimum ? stake : minimum, minimum) : 0;
  return { staked, limit, used: entries.length, next: nextAllowed(limit, entries, now), stake, minimum };
}

const minimumOf = ({ spec }: KnownTask): bigint => BigInt(spec.stakes.trainerMinimum);
