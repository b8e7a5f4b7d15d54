// What a task's state and times mean for uploads to it.
import type { TaskSpec } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import { abandon, reschedule, type In, type SubmissionState } from './submission.js';

export interface KnownTask {
  task: number;
  phase: string;
  paused: boolean;
  closesAt: Date | null;
  spec: TaskSpec;
}

/** Only now can an upload begin, or a commitment be made. */
export function assertTakesModels(task: KnownTask | undefined, now: Date): asserts task is KnownTask {
  if (!task) throw new DomainError('resource/not-found', { detail: 'There is no such task' });
  const { phase, closesAt, paused } = task;
  if (phase !== 'submission') throw new DomainError('task/phase', { detail: `The task is in the phase ${phase}` });
  if (closesAt !== null && closesAt <= now)
    throw new DomainError('task/phase', { detail: `Submissions closed at ${closesAt.toISOString()}` });
  if (paused) throw new DomainError('task/paused');
}

/**
 * An upload that began in time has until the close and the time of grace, but no longer than any upload. A paused task
 * has no close: its times move when it goes on.
 */
export function deadlineFor({ paused, closesAt, spec }: KnownTask, begunAt: Date, uploadSeconds: number): Date {
  const own = begunAt.getTime() + uploadSeconds * 1_000;
  if (paused || closesAt === null) return new Date(own);
  return new Date(Math.min(own, closesAt.getTime() + spec.submissions.graceSeconds * 1_000));
}

/** What becomes of an upload when the task has moved. */
export function followTask(
  current: In<'uploading'>,
  task: KnownTask,
  { begunAt, uploadSeconds, now }: { begunAt: Date; uploadSeconds: number; now: Date },
): SubmissionState {
  if (task.phase === 'cancelled' || task.phase === 'finalised') return abandon(now);
  return reschedule(current, deadlineFor(task, begunAt, uploadSeconds));
}

export function assertFits({ spec }: KnownTask, size: number): void {
  const { maxBytes } = spec.model;
  if (size > maxBytes)
    throw new DomainError('submission/too-large', { detail: `${size} bytes; the task takes at most ${maxBytes}` });
}
