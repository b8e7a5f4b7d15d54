import { expect, it } from 'vitest';
import { newer } from './newer.js';

it('takes the first version that it sees, and later ones, but none twice and none older', () => {
  const taken = [4, 2, 4, 5, 3].reduce<number[]>((seen, v) => (newer(seen.at(-1), v) ? [...seen, v] : seen), []);
  expect(taken).toEqual([4, 5]);
  expect(newer(null, 1)).toBe(true);
});
