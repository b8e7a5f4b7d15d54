import { describe, expect, it } from 'vitest';
import { delayMs } from './retry.js';

describe('delayMs', () => {
  it('doubles up to five seconds', () => {
    expect([0, 1, 2, 3, 9].map(attempt => delayMs(attempt, 0, 1))).toEqual([200, 400, 800, 1_600, 5_000]);
  });

  it('is spread over the upper half of its span', () => {
    expect([delayMs(2, 0, 0), delayMs(2, 0, 1)]).toEqual([400, 800]);
  });

  it('never undercuts what the server asked for', () => {
    expect(delayMs(0, 3, 0)).toBeGreaterThanOrEqual(3_000);
  });
});
