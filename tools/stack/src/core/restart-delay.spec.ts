import { expect, it } from 'vitest';
import { restartDelay } from './restart-delay.js';

it('waits twice as long after each death in a row, half a minute at most', () => {
  expect([1, 2, 3, 4, 7, 50].map(restartDelay)).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
});
