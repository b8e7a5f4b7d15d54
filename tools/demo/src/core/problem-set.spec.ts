import { PART_BYTES_MIN } from '@arena/contracts';
import { describe, expect, it } from 'vitest';
import { problemSet } from './problem-set.js';

describe('problemSet', () => {
  it('makes the same bytes of the same seed, and others of another', () => {
    const [first, again, other] = [problemSet(1, 50), problemSet(1, 50), problemSet(2, 50)].map(set =>
      Buffer.from(set),
    );
    expect(again?.equals(first ?? Buffer.alloc(0))).toBe(true);
    expect(other?.equals(first ?? Buffer.alloc(0))).toBe(false);
  });

  it('grows beyond one part of an upload at the size that the demo trains on', () => {
    expect(problemSet(1, 24_000).length).toBeGreaterThan(PART_BYTES_MIN);
  });
});
