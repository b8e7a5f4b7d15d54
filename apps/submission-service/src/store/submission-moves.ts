// The shell around core/submission: state, history and the event that tells of it go into one transaction.
import { publish } from '@arena/outbox';
import { isOver, wasOurFault, type SubmissionState } from '../core/submission.js';
import { closeCommitment } from './commitments.js';
import type { Tx } from './database.js';
import { settleQuota } from './quota.js';
import { markUnwanted } from './submission-files.js';
import { saveChange, type Change, type StoredSubmission } from './submissions.js';

/** `digest` is of the canonical form; known when it is accepted. */
export interface Move extends Change {
  digest?: string;
}

/** `held` must be locked by this transaction. Answers the submission as it is now. */
export async function moveSubmission(
  tx: Tx,
  held: StoredSubmission,
  next: SubmissionState,
  move: Move,
): Promise<StoredSubmission> {
  if (next === held.state) return held;
  const moved = await saveChange(tx, held, next, move);
  if (next.state === 'abandoned') {
    await settleQuota(tx, held.submission, 'released');
    await markUnwanted(tx, held.submission, next.endedAt);
  } else if (held.state.state === 'uploading' && next.state !== 'uploading')
    await settleQuota(tx, held.submission, 'spent');
  if (next.state === 'rejected' && wasOurFault(next.reasons)) {
    await settleQuota(tx, held.submission, 'refunded');
    await closeCommitment(tx, held.submission);
  }
  await tell(tx, moved, held.state, move);
  if (isOver(next)) await tx.prisma.intake.deleteMany({ where: { submission: held.submission } });
  return moved;
}

async function tell(tx: Tx, now: StoredSubmission, before: SubmissionState, { digest }: Move): Promise<void> {
  const { submission, task, trainer, state } = now;
  const entity = `submission:${submission}`;
  const about = { submission, task, trainer };
  const message = { entity, entityVersion: Number(now.version) };
  if (state.state === 'inspecting' && before.state === 'uploading') {
    const size = now.files.reduce((sum, file) => sum + file.size, 0);
    const payload = { ...about, state: state.state, size, receivedAt: state.completedAt.toISOString() };
    await publish(tx, { ...message, name: 'submission.received.v1', payload });
  }
  if (state.state === 'accepted' && before.state === 'inspecting') {
    if (digest === undefined) throw new Error('a model is accepted with its digest');
    const payload = { ...about, state: state.state, digest, acceptedAt: state.acceptedAt.toISOString() };
    await publish(tx, { ...message, name: 'submission.accepted.v1', payload });
  }
  // Its committee has not closed: that it was disqualified is its trainer's business alone, as a rejection is.
  if (state.state === 'rejected' || state.state === 'disqualified') {
    const reasons = state.reasons.map(({ code, detail }) => ({ code, detail }));
    const payload = { ...about, state: state.state, reasons };
    await publish(tx, { ...message, name: 'submission.rejected.v1', payload });
  }
}
