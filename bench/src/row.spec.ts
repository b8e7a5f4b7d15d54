import { expect, it } from 'vitest';
import { compared, median } from './row.js';

it('takes the middle, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('compares round by round, so that a slow round spoils one pair and not the ratio', () => {
  expect(compared('x', '1/s', [50, 5, 60], [100, 10, 100])).toEqual({
    name: 'x',
    unit: '1/s',
    value: 50,
    baseline: 100,
    ratio: 0.5,
  });
});
