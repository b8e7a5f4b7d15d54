import { expect, it } from 'vitest';
import { rng } from './rng.js';

const draws = (seed: number, count: number) => {
  const { next } = rng(seed);
  return Array.from({ length: count }, next);
};

it('repeats exactly by its seed, and another seed gives other draws', () => {
  expect(draws(7, 100)).toEqual(draws(7, 100));
  expect(draws(7, 100)).not.toEqual(draws(8, 100));
});

it('draws evenly from [0, 1)', () => {
  const bins = new Array<number>(10).fill(0);
  for (const draw of draws(1, 100_000)) {
    expect(draw >= 0 && draw < 1).toBe(true);
    bins[Math.floor(draw * 10)]! += 1;
  }
  for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(500);
});

it('picks every item, none outside, and refuses an empty list', () => {
  const { pick, below } = rng(3);
  expect(new Set(Array.from({ length: 200 }, () => pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  expect(new Set(Array.from({ length: 200 }, () => below(4)))).toEqual(new Set([0, 1, 2, 3]));
  expect(() => pick([])).toThrow(RangeError);
});
