// The life of one submission: (state, command, now) → next, or a problem. Whoever changes nothing gives back the very
// state that came in.
//
//   uploading ─complete→ inspecting ─→ accepted ─→ scoring ─→ closed ─→ ranked
//       │                    │            └──────────┴─ disqualified
//       └─ abandoned         └─ rejected            (withdrawn: by its trainer, until its committee has closed)
import { rejections, type RejectionCode } from '@arena/contracts';
import { DomainError } from '@arena/problem';

export interface Rejection {
  code: string;
  where: string;
  detail: string;
}

interface Completed {
  completedAt: Date;
  /** From when on its trainer provably had the model. */
  knownSince: Date;
}

export type SubmissionState =
  | { state: 'uploading'; deadline: Date }
  /** `waitingUntil`: all is done but for the stake, which is expected to be final by then. */
  | ({ state: 'inspecting'; waitingUntil: Date | null } & Completed)
  | ({ state: 'accepted'; acceptedAt: Date } & Completed)
  | ({ state: 'rejected'; endedAt: Date; reasons: Rejection[] } & Completed)
  | ({ state: 'disqualified'; acceptedAt: Date; endedAt: Date; reasons: Rejection[] } & Completed)
  | ({ state: 'withdrawn'; acceptedAt: Date | null; endedAt: Date; supersededBy: string | null } & Completed)
  | { state: 'abandoned'; endedAt: Date };

export type In<S extends SubmissionState['state']> = Extract<SubmissionState, { state: S }>;

export const rejection = (code: RejectionCode, detail: string): Rejection => ({ code, where: '', detail });

/** Whether any of these was our own fault, so that the place in the quota is given back. */
export const wasOurFault = (reasons: readonly Rejection[]): boolean =>
  reasons.some(({ code }) => code in rejections && rejections[code as RejectionCode].refund);

export const begin = (deadline: Date): In<'uploading'> => ({ state: 'uploading', deadline });

export const reschedule = (current: In<'uploading'>, deadline: Date): In<'uploading'> =>
  deadline.getTime() === current.deadline.getTime() ? current : { state: 'uploading', deadline };

/** Parts can be sent and looked at only while this passes. */
export function assertOpen(current: SubmissionState, now: Date): asserts current is In<'uploading'> {
  if (current.state !== 'uploading') throw wrongState(current);
  if (current.deadline <= now)
    throw new DomainError('submission/state', { detail: 'The time for this upload is over: begin a new submission' });
}

export const isCompleted = (current: SubmissionState): current is Extract<SubmissionState, Completed> =>
  'completedAt' in current;

/** With a commitment the trainer had the model when that was registered. */
export function complete(current: SubmissionState, now: Date, committedAt: Date | null): In<'inspecting'> {
  assertOpen(current, now);
  const knownSince = committedAt && committedAt < now ? committedAt : now;
  return { state: 'inspecting', completedAt: now, knownSince, waitingUntil: null };
}

export const accept = ({ completedAt, knownSince }: In<'inspecting'>, now: Date): In<'accepted'> => ({
  state: 'accepted',
  completedAt,
  knownSince,
  acceptedAt: now,
});

export const reject = (
  { completedAt, knownSince }: In<'inspecting'>,
  reasons: Rejection[],
  now: Date,
): In<'rejected'> => ({ state: 'rejected', completedAt, knownSince, reasons, endedAt: now });

/** What was accepted turns out to be against a rule, before its committee has closed. */
export const disqualify = (
  { completedAt, knownSince, acceptedAt }: In<'accepted'>,
  reasons: Rejection[],
  now: Date,
): In<'disqualified'> => ({ state: 'disqualified', completedAt, knownSince, acceptedAt, reasons, endedAt: now });

export const abandon = (now: Date): In<'abandoned'> => ({ state: 'abandoned', endedAt: now });

export const canWithdraw = ({ state }: SubmissionState): boolean =>
  state === 'uploading' || state === 'inspecting' || state === 'accepted';

/** An upload that was never completed is given up instead: nothing was handed in. */
export function withdraw(current: SubmissionState, now: Date, supersededBy: string | null = null): SubmissionState {
  switch (current.state) {
    case 'withdrawn':
    case 'abandoned':
      return current;
    case 'uploading':
      return abandon(now);
    case 'inspecting':
    case 'accepted': {
      const { completedAt, knownSince } = current;
      const acceptedAt = current.state === 'accepted' ? current.acceptedAt : null;
      return { state: 'withdrawn', completedAt, knownSince, acceptedAt, endedAt: now, supersededBy };
    }
    default:
      throw wrongState(current);
  }
}

/** What the hour makes of it. */
export const expire = (current: SubmissionState, now: Date): SubmissionState =>
  current.state === 'uploading' && current.deadline <= now ? abandon(now) : current;

/** Nothing about it will change any more. */
export const isOver = ({ state }: SubmissionState): boolean =>
  state === 'rejected' || state === 'disqualified' || state === 'withdrawn' || state === 'abandoned';

const told = {
  uploading: 'It is still being uploaded',
  inspecting: 'It was completed and is being inspected',
  accepted: 'It was accepted',
  rejected: 'It was rejected',
  disqualified: 'It was disqualified',
  withdrawn: 'It was withdrawn',
  abandoned: 'Its upload was given up: begin a new submission',
} as const satisfies Record<SubmissionState['state'], string>;

export const wrongState = ({ state }: SubmissionState) => new DomainError('submission/state', { detail: told[state] });
