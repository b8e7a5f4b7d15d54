import { describe, expect, it } from 'vitest';
import { outlookOf } from './outlook.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const secondsFromNow = (at: Date) => (at.getTime() - now.getTime()) / 1_000;
const moment = (number: number, at: number) => ({ number, at: 1_700_000_000 + at });

describe('a block is expected to be final', () => {
  it('after as many blocks as finality asks for, at the pace of the last ones', () => {
    const { expectedFinalAt } = outlookOf({ tip: moment(100, 1_000), finalised: moment(90, 880) }, 10, now);
    expect(secondsFromNow(expectedFinalAt(100))).toBe(120);
    expect(secondsFromNow(expectedFinalAt(95))).toBe(60);
    expect(secondsFromNow(expectedFinalAt(91))).toBe(12);
  });

  it('as far behind the head as the node finalises today, where the node says what is final', () => {
    const { expectedFinalAt } = outlookOf({ tip: moment(500, 6_000), finalised: moment(420, 5_040) }, 'tag', now);
    expect(secondsFromNow(expectedFinalAt(500))).toBe(960);
    expect(secondsFromNow(expectedFinalAt(421))).toBe(12);
  });

  it('now, when it is final already, however long ago', () => {
    const { expectedFinalAt, finalised } = outlookOf({ tip: moment(100, 1_000), finalised: moment(90, 880) }, 10, now);
    expect(finalised).toBe(90);
    expect(expectedFinalAt(90)).toEqual(now);
    expect(expectedFinalAt(3)).toEqual(now);
  });

  it('by the whole finality on a chain that is younger than that', () => {
    const { expectedFinalAt } = outlookOf({ tip: moment(4, 40), finalised: moment(0, 0) }, 64, now);
    expect(secondsFromNow(expectedFinalAt(4))).toBe(640);
    expect(secondsFromNow(expectedFinalAt(1))).toBe(610);
  });

  it('never in the past, and at no time that is none', () => {
    const still = { tip: moment(7, 0), finalised: moment(7, 0) };
    expect(outlookOf(still, 'tag', now).expectedFinalAt(7)).toEqual(now);
    expect(outlookOf(still, 5, now).expectedFinalAt(8)).toEqual(now);
    const backwards = { tip: moment(9, 0), finalised: moment(7, 50) };
    expect(outlookOf(backwards, 'tag', now).expectedFinalAt(9)).toEqual(now);
  });

  it('in whole seconds, rounded up', () => {
    const { expectedFinalAt } = outlookOf({ tip: moment(13, 10), finalised: moment(10, 0) }, 'tag', now);
    expect([11, 12, 13].map(block => secondsFromNow(expectedFinalAt(block)))).toEqual([4, 7, 10]);
  });
});
