import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bumpedFees, firstFees } from './fees.js';

const wei = fc.bigInt({ min: 0n, max: 10n ** 15n });
const limits = fc.record({ maxFeeCap: wei, minTip: wei });
const market = fc.record({ baseFee: wei, tip: wei });

describe('fees', () => {
  it('never break the cap, always pay the base fee of the moment, and never tip more than they pay', () => {
    fc.assert(
      fc.property(market, limits, (now, limit) => {
        const fees = firstFees(now, limit);
        if (!fees) return;
        expect(fees.maxFee).toBeLessThanOrEqual(limit.maxFeeCap);
        expect(fees.maxFee).toBeGreaterThanOrEqual(now.baseFee);
        expect(fees.tip).toBeLessThanOrEqual(fees.maxFee);
      }),
    );
  });

  it('of a replacement are a tenth above the last in both, within the cap, or there is none', () => {
    const last = fc.tuple(wei, wei).map(([a, b]) => ({ maxFee: a > b ? a : b, tip: a > b ? b : a }));
    fc.assert(
      fc.property(last, market, limits, (before, now, limit) => {
        const fees = bumpedFees(before, now, limit);
        if (!fees) return;
        expect(fees.maxFee * 10n).toBeGreaterThanOrEqual(before.maxFee * 11n);
        expect(fees.tip * 10n).toBeGreaterThanOrEqual(before.tip * 11n);
        expect(fees.maxFee).toBeLessThanOrEqual(limit.maxFeeCap);
        expect(fees.tip).toBeLessThanOrEqual(fees.maxFee);
      }),
    );
  });

  it('wait while the market is above the cap', () => {
    expect(firstFees({ baseFee: 11n, tip: 0n }, { maxFeeCap: 10n, minTip: 0n })).toBeUndefined();
  });
});
