// The same file as the contracts' tests read: what is written here and what the chain does can't part.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emissionOf, emittedBy, gmFor } from './index.js';

interface Vectors {
  gm: { amount: string; periods: string; gm: string }[];
  schedules: { emission: string; epochs: string[]; emitted: string[] }[];
}
const path = new URL('../../../contracts/vectors.json', import.meta.url);
const { gm, schedules } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

describe('gm tokens', () => {
  it('are those of the shared vectors', () => {
    expect(gm.length).toBeGreaterThan(100);
    for (const { amount, periods, gm: wanted } of gm)
      expect(gmFor(BigInt(amount), BigInt(periods)), `${amount} for ${periods}`).toBe(BigInt(wanted));
  });

  it('never fall with the amount or the term, and are never more than 3.01 a token', () => {
    const amount = fc.bigInt(1n, 2n ** 100n);
    const periods = fc.bigInt(0n, 1_460n);
    fc.assert(
      fc.property(amount, amount, periods, periods, (a, more, p, longer) => {
        expect(gmFor(a + more, p)).toBeGreaterThanOrEqual(gmFor(a, p));
        expect(gmFor(a, p + longer)).toBeGreaterThanOrEqual(gmFor(a, p));
        expect(gmFor(a, p) * 100n).toBeLessThanOrEqual(a * 301n);
      }),
    );
  });
});

describe('emission', () => {
  it('is that of the shared vectors', () => {
    for (const { emission, epochs, emitted } of schedules)
      expect(epochs.map(epoch => String(emittedBy(BigInt(emission), BigInt(epoch))))).toEqual(emitted);
  });

  it('of the epochs one by one adds up to the schedule', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 24n), fc.integer({ min: 0, max: 200 }), (emission, last) => {
        let sum = 0n;
        for (let epoch = 0; epoch <= last; epoch++) sum += emissionOf(emission, BigInt(epoch));
        expect(sum).toBe(emittedBy(emission, BigInt(last)));
      }),
    );
  });
});
