import { DomainError } from '@arena/problem';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, nextMoveAt, scheduleOf, type TaskCommand, type TaskState } from './task.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const schedule = { opensAt: at(10), closesAt: at(20), finalEndsAt: at(30) };
const draft: TaskState = { phase: 'draft' };
const verified: TaskState = { phase: 'verified', schedule: null };
const submission: TaskState = { phase: 'submission', schedule, pausedAt: null };
const final: TaskState = { phase: 'final', schedule, pausedAt: null };

const last = (state: TaskState, command: TaskCommand, now: Date) => decide(state, command, now).at(-1)?.state;
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('a task', () => {
  it('is a draft again when a verified spec is edited, and loses its schedule', () => {
    expect(last({ phase: 'verified', schedule }, { do: 'edit' }, at(0))).toEqual(draft);
  });

  it('cannot be edited once it is open', () => {
    for (const state of [submission, final])
      expect(codeOf(() => decide(state, { do: 'edit' }, at(11)))).toBe('task/immutable');
  });

  it('waits for its time when it is opened early', () => {
    expect(decide(verified, { do: 'open', schedule }, at(0))).toEqual([
      { what: 'scheduled', state: { phase: 'verified', schedule } },
    ]);
    expect(nextMoveAt({ phase: 'verified', schedule })).toEqual(at(10));
  });

  it('opens at once when its time has passed, and not in the past', () => {
    const steps = decide(verified, { do: 'open', schedule }, at(12));
    expect(steps.map(step => step.what)).toEqual(['scheduled', 'opened']);
    expect(scheduleOf(steps[1]?.state ?? draft)?.opensAt).toEqual(at(12));
  });

  it('cannot be opened with times that do not fit', () => {
    const tries = [
      { ...schedule, closesAt: at(10) },
      { ...schedule, finalEndsAt: at(20) },
    ];
    for (const wrong of tries)
      expect(codeOf(() => decide(verified, { do: 'open', schedule: wrong }, at(0)))).toBe('task/schedule');
    expect(codeOf(() => decide(verified, { do: 'open', schedule }, at(20)))).toBe('task/schedule');
  });

  it('catches up on every move that fell due while nobody was up', () => {
    const steps = decide({ phase: 'verified', schedule }, { do: 'tick' }, at(25));
    expect(steps.map(step => step.what)).toEqual(['opened', 'closed']);
  });

  it('is not moved by the clock while it is paused', () => {
    expect(decide({ ...submission, pausedAt: at(15) }, { do: 'tick' }, at(90))).toEqual([]);
  });

  it('gets back the time for which it stood still', () => {
    const paused = last(submission, { do: 'pause' }, at(15)) ?? draft;
    const resumed = last(paused, { do: 'resume' }, at(18)) ?? draft;
    expect(scheduleOf(resumed)).toEqual({ opensAt: at(10), closesAt: at(23), finalEndsAt: at(33) });
  });

  it('does not get back a deadline that had passed before the pause', () => {
    const paused = last(final, { do: 'pause' }, at(25)) ?? draft;
    expect(scheduleOf(last(paused, { do: 'resume' }, at(28)) ?? draft)).toEqual({ ...schedule, finalEndsAt: at(33) });
  });

  it('extends deadlines to later times only, and only those that have not passed', () => {
    expect(scheduleOf(last(submission, { do: 'extend', closesAt: at(25) }, at(15)) ?? draft)?.closesAt).toEqual(at(25));
    const refused: [TaskState, TaskCommand, Date][] = [
      [submission, { do: 'extend', closesAt: at(19) }, at(15)],
      [submission, { do: 'extend', closesAt: at(30) }, at(15)],
      [submission, { do: 'extend', closesAt: at(25) }, at(21)],
      [final, { do: 'extend', closesAt: at(40), finalEndsAt: at(50) }, at(25)],
      [final, { do: 'extend', finalEndsAt: at(32) }, at(33)],
    ];
    for (const [state, command, now] of refused)
      expect(codeOf(() => decide(state, command, now))).toBe('task/schedule');
  });

  it('is finalised only after the final phase has ended', () => {
    const command: TaskCommand = { do: 'finalise', rankingRoot: '0x00' };
    expect(codeOf(() => decide(submission, command, at(40)))).toBe('task/phase');
    expect(codeOf(() => decide(final, command, at(29)))).toBe('task/phase');
    expect(last(final, command, at(30))?.phase).toBe('finalised');
  });

  it('refuses everything but cancel and resume while it is paused', () => {
    const paused: TaskState = { ...final, pausedAt: at(25) };
    const refused: TaskCommand[] = [
      { do: 'pause' },
      { do: 'extend', finalEndsAt: at(60) },
      { do: 'finalise', rankingRoot: '' },
    ];
    for (const command of refused) expect(codeOf(() => decide(paused, command, at(50)))).toBe('task/paused');
    expect(last(paused, { do: 'cancel', reason: 'no' }, at(50))?.phase).toBe('cancelled');
    expect(codeOf(() => decide(final, { do: 'resume' }, at(25)))).toBe('task/not-paused');
  });

  const command: fc.Arbitrary<TaskCommand> = fc.oneof(
    fc.constantFrom<TaskCommand>(
      { do: 'edit' }, { do: 'verify' }, { do: 'pause' }, { do: 'resume' }, { do: 'tick' },
      { do: 'cancel', reason: 'r' }, { do: 'finalise', rankingRoot: '0x' },
    ), // prettier-ignore
    fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)).map(([a, b, c]): TaskCommand => ({
      do: 'open',
      schedule: { opensAt: at(a), closesAt: at(b), finalEndsAt: at(c) },
    })),
    fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([a, b]): TaskCommand => ({ do: 'extend', closesAt: at(a), finalEndsAt: at(b) })),
  );

  it('only moves forward, keeps its times in order and ends in an end, whatever is asked of it', () => {
    const order = ['draft', 'verified', 'submission', 'final', 'finalised', 'cancelled'];
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.nat(3)), { maxLength: 40 }), commands => {
        let state: TaskState = draft;
        let minute = 0;
        for (const [next, pause] of commands) {
          minute += pause;
          const before = state;
          try {
            state = last(state, next, at(minute)) ?? state;
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
          if (next.do !== 'edit')
            expect(order.indexOf(state.phase)).toBeGreaterThanOrEqual(order.indexOf(before.phase));
          if (before.phase === 'finalised' || before.phase === 'cancelled') expect(state).toBe(before);
          const times = scheduleOf(state);
          if (times) expect(times.opensAt < times.closesAt && times.closesAt < times.finalEndsAt).toBe(true);
        }
      }),
    );
  });
});
