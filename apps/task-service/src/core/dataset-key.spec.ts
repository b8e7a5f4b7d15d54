import { describe, expect, it } from 'vitest';
import { keptAt } from './dataset-key.js';

const [random, sha256] = ['0123456789abcdef', 'f'.repeat(64)];

describe('the place of a verified dataset', () => {
  it.each(['training', 'starter'] as const)('follows from its hash when it is public (%s)', purpose => {
    expect(keptAt(purpose, `uploads/${random}`, sha256)).toBe(`sha256/${sha256}`);
  });

  it.each(['hidden-a', 'hidden-b'] as const)('cannot be told from its hash when it is hidden (%s)', purpose => {
    expect(keptAt(purpose, `uploads/${random}`, sha256)).toBe(`hidden/${random}`);
  });
});
