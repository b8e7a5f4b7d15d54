// The life of one uploaded version: (state, command, now) → next, or a problem. Whoever changes nothing gives back
// the very state that came in.
//
//   uploading ─complete→ verifying ─→ ready | failed
//       └─ abandoned, by an admin or by the deadline
//
// Only an upload waits for somebody outside, so it alone has a deadline. Verifying is our own work: when the object
// store is away it waits and goes on, and nothing but the bytes themselves can make it fail.
import { DomainError } from '@arena/problem';

export type VersionState =
  | { state: 'uploading'; deadline: Date }
  /** `claimed` is what the uploader says the bytes hash to. */
  | { state: 'verifying'; claimed: string }
  /** The bytes lie under `key`, which is made of their hash alone, so that equal ones lie there once. */
  | { state: 'ready'; claimed: string; sha256: string; key: string; readyAt: Date }
  | { state: 'failed'; claimed: string; failure: string }
  | { state: 'abandoned' };

export type In<S extends VersionState['state']> = Extract<VersionState, { state: S }>;

export const begin = (now: Date, uploadSeconds: number): In<'uploading'> => ({
  state: 'uploading',
  deadline: new Date(now.getTime() + uploadSeconds * 1_000),
});

/** Parts can be sent and looked at only while this passes. */
export function assertOpen(current: VersionState, now: Date): asserts current is In<'uploading'> {
  if (current.state !== 'uploading') throw wrongState(current);
  if (current.deadline <= now)
    throw new DomainError('dataset/state', { detail: 'The time for this upload is over: begin a new version' });
}

/** Saying the same twice is no fault; saying something else is. */
export function complete(current: VersionState, claimed: string, now: Date): VersionState {
  if ('claimed' in current && current.claimed === claimed) return current;
  if ('claimed' in current)
    throw new DomainError('dataset/state', { detail: 'It was completed before, with another sha256' });
  assertOpen(current, now);
  return { state: 'verifying', claimed };
}

export function abandon(current: VersionState): VersionState {
  if (current.state === 'abandoned') return current;
  if (current.state !== 'uploading') throw wrongState(current);
  return { state: 'abandoned' };
}

/** What the hour makes of it. */
export const expire = (current: VersionState, now: Date): VersionState =>
  current.state === 'uploading' && current.deadline <= now ? { state: 'abandoned' } : current;

export interface Landed {
  size: number;
  sha256: string;
}

/** The end of a version, by the bytes that were read back. */
export function judge(
  { claimed }: In<'verifying'>,
  declaredSize: number,
  landed: Landed,
  key: string,
  now: Date,
): In<'ready'> | In<'failed'> {
  const { size, sha256 } = landed;
  if (size !== declaredSize) return fail(claimed, `${size} bytes landed, ${declaredSize} were declared`);
  if (sha256 !== claimed) return fail(claimed, `The bytes that landed hash to ${sha256}, not to ${claimed}`);
  return { state: 'ready', claimed, sha256, key, readyAt: now };
}

export const fail = (claimed: string, failure: string): In<'failed'> => ({ state: 'failed', claimed, failure });

const told = {
  uploading: 'It is still being uploaded',
  verifying: 'It was completed and is being verified',
  ready: 'It is ready, and ready versions never change',
  failed: 'It failed: begin a new version',
  abandoned: 'Its upload was given up: begin a new version',
} as const satisfies Record<VersionState['state'], string>;

const wrongState = ({ state }: VersionState) => new DomainError('dataset/state', { detail: told[state] });
