import { describe, expect, it } from 'vitest';
import { type Answer, firstSize, MANY_LOGS, MOST_BLOCKS, nextSize, type RangeSize } from './range-size.js';

const taken: Answer = { answer: 'taken', logs: 3 };
const refused = (asked: number, suggested?: number): Answer => ({ answer: 'refused', asked, suggested });
const after = (answers: readonly Answer[], size: RangeSize = firstSize) => answers.reduce(nextSize, size);

describe('the size of a range', () => {
  it('doubles while answers come, up to the most', () => {
    expect(after([taken]).blocks).toBe(2 * firstSize.blocks);
    expect(after(Array<Answer>(20).fill(taken)).blocks).toBe(MOST_BLOCKS);
  });

  it('halves when it is refused, down to one block', () => {
    expect(after([refused(100)]).blocks).toBe(50);
    expect(after([refused(1)]).blocks).toBe(1);
  });

  it('takes what the refusal suggests, and does not outgrow it at once', () => {
    const suggested = after([refused(100, 30)]);
    expect(suggested.blocks).toBe(30);
    expect(after([taken], suggested).blocks).toBe(30);
  });

  it('tries more again after a while, because limits are often of logs and not of blocks', () => {
    expect(after([refused(100, 10), ...Array<Answer>(200).fill(taken)]).blocks).toBe(MOST_BLOCKS);
  });

  it('falls when a range holds more events than one transaction should', () => {
    expect(after([{ answer: 'taken', logs: MANY_LOGS + 1 }]).blocks).toBe(firstSize.blocks / 2);
    expect(after([{ answer: 'taken', logs: MANY_LOGS }]).blocks).toBe(firstSize.blocks);
  });

  it('is never below one block, whatever comes', () => {
    const size = after([refused(3), refused(1), { answer: 'taken', logs: 1e9 }, refused(1, 1), taken]);
    expect(size.blocks).toBeGreaterThanOrEqual(1);
    expect(size.ceiling).toBeGreaterThanOrEqual(1);
  });
});
