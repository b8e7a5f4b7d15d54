// The life of a task: (state, command, now) → what it is next and what happened, or a problem.
//
//   draft → verified → submission → final → finalised      or cancelled, from anywhere before finalised
//
// Opening only sets the times; the clock does the rest (`tick`), so that a task opens and closes on time whether or
// not anybody was up. Pausing stops the clock: deadlines that had not passed shift by as long as it stood still.
import type { ProblemCode } from '@arena/contracts';
import { DomainError } from '@arena/problem';

export interface Schedule {
  opensAt: Date;
  closesAt: Date;
  finalEndsAt: Date;
}

export type TaskState =
  | { phase: 'draft' }
  | { phase: 'verified'; schedule: Schedule | null }
  | { phase: 'submission' | 'final'; schedule: Schedule; pausedAt: Date | null }
  | { phase: 'finalised'; schedule: Schedule; rankingRoot: string }
  | { phase: 'cancelled'; schedule: Schedule | null; reason: string };

export type TaskCommand =
  | { do: 'edit' }
  | { do: 'verify' }
  | { do: 'open'; schedule: Schedule }
  | { do: 'extend'; closesAt?: Date | undefined; finalEndsAt?: Date | undefined }
  | { do: 'pause' }
  /** `keepTimes`: deadlines stand, because they are not ours to shift. */
  | { do: 'resume'; keepTimes?: boolean }
  | { do: 'finalise'; rankingRoot: string }
  | { do: 'cancel'; reason: string }
  | { do: 'tick' };

export type TaskEvent =
  | 'edited'
  | 'verified'
  | 'scheduled'
  | 'opened'
  | 'extended'
  | 'paused'
  | 'resumed'
  | 'closed'
  | 'finalised'
  | 'cancelled';

export interface TaskStep {
  what: TaskEvent;
  state: TaskState;
}

/** Every state that the task passes through, in order; the last one is what it is now. No step: nothing to do. */
export function decide(state: TaskState, command: TaskCommand, now: Date): TaskStep[] {
  switch (command.do) {
    case 'edit':
      if (state.phase === 'draft' || state.phase === 'verified') return [{ what: 'edited', state: { phase: 'draft' } }];
      throw no('task/immutable', state);
    case 'verify':
      if (state.phase === 'draft') return [{ what: 'verified', state: { phase: 'verified', schedule: null } }];
      throw no('task/phase', state);
    case 'open':
      return open(state, command.schedule, now);
    case 'extend':
      return [{ what: 'extended', state: extend(running(state), command, now) }];
    case 'pause':
      return [{ what: 'paused', state: { ...running(state), pausedAt: now } }];
    case 'resume':
      return [{ what: 'resumed', state: resume(state, now, command.keepTimes ?? false) }];
    case 'finalise':
      return [{ what: 'finalised', state: finalise(running(state), command.rankingRoot, now) }];
    case 'cancel':
      return [{ what: 'cancelled', state: cancel(state, command.reason) }];
    case 'tick':
      return tick(state, now);
  }
}

/** When the clock next moves the task; null when only a person can. */
export function nextMoveAt(state: TaskState): Date | null {
  if (state.phase === 'verified') return state.schedule?.opensAt ?? null;
  return state.phase === 'submission' && !state.pausedAt ? state.schedule.closesAt : null;
}

export const scheduleOf = (state: TaskState): Schedule | null => (state.phase === 'draft' ? null : state.schedule);

function open(state: TaskState, wanted: Schedule, now: Date): TaskStep[] {
  if (state.phase !== 'verified') throw no('task/phase', state);
  const schedule = { ...wanted, opensAt: later(wanted.opensAt, now) };
  if (schedule.closesAt <= schedule.opensAt) throw badTimes('The task must close after it opens, in the future.');
  if (schedule.finalEndsAt <= schedule.closesAt) throw badTimes('The final phase must end after submissions close.');
  const scheduled: TaskStep = { what: 'scheduled', state: { phase: 'verified', schedule } };
  return [scheduled, ...tick(scheduled.state, now)];
}

function tick(state: TaskState, now: Date): TaskStep[] {
  const due = nextMoveAt(state);
  if (due === null || due > now) return [];
  const step = byClock(state);
  return step ? [step, ...tick(step.state, now)] : [];
}

/** The move that the clock makes next, whenever that is. */
export function byClock(state: TaskState): TaskStep | undefined {
  if (state.phase === 'verified' && state.schedule)
    return { what: 'opened', state: { phase: 'submission', schedule: state.schedule, pausedAt: null } };
  if (state.phase === 'submission') return { what: 'closed', state: { ...state, phase: 'final' } };
  return undefined;
}

type Running = Extract<TaskState, { phase: 'submission' | 'final' }>;

function running(state: TaskState): Running {
  if (state.phase !== 'submission' && state.phase !== 'final') throw no('task/phase', state);
  if (state.pausedAt) throw no('task/paused', state);
  return state;
}

function extend(
  state: Running,
  to: { closesAt?: Date | undefined; finalEndsAt?: Date | undefined },
  now: Date,
): Running {
  const { schedule } = state;
  if (to.closesAt && (state.phase === 'final' || schedule.closesAt <= now))
    throw badTimes('Submissions have closed; only the end of the final phase can still move.');
  const next = {
    ...schedule,
    closesAt: to.closesAt ?? schedule.closesAt,
    finalEndsAt: to.finalEndsAt ?? schedule.finalEndsAt,
  };
  if (next.closesAt < schedule.closesAt || next.finalEndsAt < schedule.finalEndsAt)
    throw badTimes('Deadlines only move to a later time.');
  if (to.finalEndsAt && to.finalEndsAt <= now) throw badTimes('The new end of the final phase has passed already.');
  if (next.finalEndsAt <= next.closesAt) throw badTimes('The final phase must end after submissions close.');
  return { ...state, schedule: next };
}

function resume(state: TaskState, now: Date, keepTimes: boolean): Running {
  if (state.phase !== 'submission' && state.phase !== 'final') throw no('task/phase', state);
  const { pausedAt, schedule } = state;
  if (!pausedAt) throw no('task/not-paused', state);
  if (keepTimes) return { ...state, pausedAt: null };
  const stood = now.getTime() - pausedAt.getTime();
  const shift = (deadline: Date) => (deadline > pausedAt ? new Date(deadline.getTime() + stood) : deadline);
  const shifted = { ...schedule, closesAt: shift(schedule.closesAt), finalEndsAt: shift(schedule.finalEndsAt) };
  return { ...state, pausedAt: null, schedule: shifted };
}

function finalise(state: Running, rankingRoot: string, now: Date): TaskState {
  if (state.phase !== 'final') throw no('task/phase', state);
  if (state.schedule.finalEndsAt > now)
    throw new DomainError('task/phase', { detail: 'The final phase has not ended yet.' });
  return { phase: 'finalised', schedule: state.schedule, rankingRoot };
}

function cancel(state: TaskState, reason: string): TaskState {
  if (state.phase === 'finalised' || state.phase === 'cancelled') throw no('task/phase', state);
  return { phase: 'cancelled', schedule: scheduleOf(state), reason };
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const no = (code: ProblemCode, { phase }: TaskState) =>
  new DomainError(code, { detail: `The task is in the phase ${phase}.` });
const badTimes = (detail: string) => new DomainError('task/schedule', { detail });
