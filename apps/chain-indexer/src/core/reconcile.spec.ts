import { describe, expect, it } from 'vitest';
import { finalisedOf, type LocalChain, NEAR, reconcile } from './reconcile.js';

/** Blocks 10 … 14 of branch `a`; up to 12 they are final. */
const local: LocalChain = {
  head: { number: 14, hash: 'a14' },
  finalised: 12,
  hashes: new Map([12, 13, 14].map(number => [number, `a${number}`])),
};
const block = (number: number, branch = 'a', parent = branch) => ({
  number,
  hash: `${branch}${number}`,
  parentHash: `${parent}${number - 1}`,
});
const decide = (...args: Parameters<typeof block>) => reconcile(local, block(...args), 12);

describe('a block that a node tells of', () => {
  it('is ignored when it is known', () => {
    expect([12, 13, 14].map(number => decide(number))).toEqual(Array(3).fill({ do: 'ignore', because: 'known' }));
  });

  it('is appended when it is the child of the head', () => {
    expect(decide(15)).toEqual({ do: 'append' });
    expect(decide(15, 'b', 'a')).toEqual({ do: 'append' });
  });

  it('asks for its parent when it joins on nowhere yet', () => {
    expect(decide(16)).toEqual({ do: 'ask-parent', parent: { number: 15, hash: 'a15' } });
    expect(decide(15, 'b')).toEqual({ do: 'ask-parent', parent: { number: 14, hash: 'b14' } });
    expect(decide(14, 'b')).toEqual({ do: 'ask-parent', parent: { number: 13, hash: 'b13' } });
  });

  it('undoes what is above its parent when that is below the head', () => {
    expect(decide(14, 'b', 'a')).toEqual({ do: 'rewind', to: { number: 13, hash: 'a13' } });
  });

  it('may fork at the finalised block itself', () => {
    expect(decide(13, 'b', 'a')).toEqual({ do: 'rewind', to: { number: 12, hash: 'a12' } });
  });

  it('halts everything when it forks one block below what is final', () => {
    const halt = { do: 'halt', finalised: { number: 12, hash: 'a12' }, instead: { number: 12, hash: 'b12' } };
    expect(decide(13, 'b')).toEqual(halt);
    expect(decide(12, 'b')).toEqual(halt);
  });

  it('says nothing when it is older than what is final', () => {
    expect(decide(11)).toEqual({ do: 'ignore', because: 'stale' });
    expect(decide(11, 'b')).toEqual({ do: 'ignore', because: 'stale' });
  });

  it('is reached by ranges when much of the way is final, and by its parents when it is near', () => {
    const far = block(100);
    expect(reconcile(local, far, 14 + NEAR + 1)).toEqual({ do: 'fill', from: 15, to: 14 + NEAR + 1 });
    expect(reconcile(local, far, 14 + NEAR)).toMatchObject({ do: 'ask-parent' });
  });

  it('is not reached by ranges when it stands beside our chain', () => {
    expect(reconcile(local, block(14, 'b'), 1_000)).toMatchObject({ do: 'ask-parent' });
  });
});

describe('finality', () => {
  it('follows the node along our chain', () => {
    expect(finalisedOf(local, { number: 13, hash: 'a13' })).toBe(13);
  });

  it.each([
    ['is on another', { number: 13, hash: 'b13' }],
    ['is above our head', { number: 15, hash: 'a15' }],
    ['is older', { number: 11, hash: 'a11' }],
  ])('does not move for a block that %s', (_what, told) => {
    expect(finalisedOf(local, told)).toBe(12);
  });
});
