import { describe, expect, it } from 'vitest';
import { secondsIn } from './answer.js';

const now = new Date('2026-01-31T12:00:00.000Z');

describe('Retry-After', () => {
  it.each([
    [null, undefined],
    ['5', 5],
    ['Sat, 31 Jan 2026 12:00:09 GMT', 9],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
  ])('%s means %s seconds', (header, seconds) => {
    expect(secondsIn(header, now)).toBe(seconds);
  });
});
