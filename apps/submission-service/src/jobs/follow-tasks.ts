import { followTask, type KnownTask } from '../core/uploading.js';
import { isOver, type SubmissionState } from '../core/submission.js';
import type { Tx } from '../store/database.js';
import { findTask } from '../store/known-tasks.js';
import { holdUploads } from '../store/submission-files.js';
import { moveSubmission } from '../store/submission-moves.js';

/** Uploads to a task that has moved move with it: their time is longer now, or over. */
export async function moveUploads(tx: Tx, number: number, uploadSeconds: number, now: Date): Promise<void> {
  const task = await findTask(tx, number);
  if (!task) return;
  for (const held of await holdUploads(tx, number)) {
    if (held.state.state !== 'uploading') continue;
    const next = followTask(held.state, task, { begunAt: held.createdAt, uploadSeconds, now });
    const what = isOver(next) ? 'abandoned' : 'rescheduled';
    await moveSubmission(tx, held, next, { what, at: now, reason: reasonOf(task, next) });
  }
}

const reasonOf = ({ phase }: KnownTask, next: SubmissionState): string =>
  isOver(next) ? `The task was ${phase}` : 'The times of the task have moved';
