import { describe, expect, it } from 'vitest';
import { backoffMs, childTimeoutMs, isNews, judgeStake, scratchBytes } from './intake.js';

const at = (minute: number) => new Date(minute * 60_000);
const fresh = { waitingUntil: null, completedAt: at(0) };

describe('a stake', () => {
  it('that is final is enough', () => expect(judgeStake('final', fresh, at(500))).toBe('final'));
  it('that was seen is waited for', () =>
    expect(judgeStake({ expectedFinalAt: at(3) }, fresh, at(500))).toEqual({ wait: at(3) }));
  it('that was undone is waited for until an hour after it should have been final', () => {
    const waiting = { ...fresh, waitingUntil: at(3) };
    expect(judgeStake('none', waiting, at(62))).toEqual({ wait: at(3) });
    expect(judgeStake('none', waiting, at(63))).toBe('never');
  });
  it('that was never seen is waited for an hour', () => {
    expect(judgeStake('none', fresh, at(59))).toEqual({ wait: at(0) });
    expect(judgeStake('none', fresh, at(60))).toBe('never');
  });
  it('that is expected at another time is told of again when it is another minute', () => {
    expect([isNews(null, at(1)), isNews(at(1), at(1.5)), isNews(at(1), at(3)), isNews(at(3), at(1))]).toEqual([true, false, true, true]); // prettier-ignore
  });
});

it('leaves a job alone for longer each time, and for a minute at most', () =>
  expect([0, 1, 2, 5, 6, 60].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]));

it('gives a large model more time, and more room than it and its copy can take', () => {
  const GIB = 1024 ** 3;
  expect(childTimeoutMs(0)).toBe(60_000);
  expect(childTimeoutMs(GIB)).toBe(316_000);
  expect(scratchBytes(GIB)).toBeGreaterThan(GIB + (GIB * 9) / 8);
});
