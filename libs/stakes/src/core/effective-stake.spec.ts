import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveStake } from './effective-stake.js';

const wei = fc.bigInt({ min: 0n, max: 10n ** 27n });
const terms = fc.record({ epsilonPpm: fc.nat(1_000_000), delegationCap: fc.nat(100) });

describe('effective stake', () => {
  it('is own and delegated stake together, up to the cap', () => {
    const defaults = { epsilonPpm: 1_000_000, delegationCap: 5 };
    expect(effectiveStake(3_000n, 1_000n, defaults)).toBe(4_000n);
    expect(effectiveStake(100n, 1_000n, defaults)).toBe(600n);
    expect(effectiveStake(0n, 1_000n, defaults)).toBe(0n);
  });

  it('rounds what is delegated down to whole wei', () => {
    expect(effectiveStake(10n, 3n, { epsilonPpm: 500_000, delegationCap: 5 })).toBe(11n);
  });

  it('lies between the own stake and its multiple, and grows with what is delegated', () => {
    fc.assert(
      fc.property(wei, wei, wei, terms, (own, delegated, more, given) => {
        const stake = effectiveStake(own, delegated, given);
        expect(stake >= own && stake <= own * BigInt(1 + given.delegationCap)).toBe(true);
        expect(effectiveStake(own, delegated + more, given) >= stake).toBe(true);
      }),
    );
  });
});
