import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum } from './exact-sum.js';
import { exactly, fraction, nearest } from './fraction.js';

const sumOf = (terms: Iterable<number>): number | undefined => {
  const sum = new ExactSum();
  for (const term of terms) sum.add(term);
  return sum.value && nearest(sum.value);
};

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });

describe('an exact sum', () => {
  // By Python's math.fsum: each of these is wrong when added up from left to right.
  it.each([
    [[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 1],
    [[1e100, 1, -1e100], 1],
    [[1e16, 1, 1e-16, -1e16], 1],
    [[2 ** 53, 1, 2 ** -60], 2 ** 53 + 2],
    [[5e-324, 1, -1], 5e-324],
  ])('adds up %j to %f', (terms, expected) => {
    expect(sumOf(terms)).toBe(expected);
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(
        fc
          .array(doubles, { maxLength: 60 })
          .chain(terms => fc.tuple(fc.constant(terms), fc.shuffledSubarray(terms, { minLength: terms.length }))),
        ([terms, shuffled]) => {
          expect(sumOf(shuffled)).toBe(sumOf(terms));
        },
      ),
    );
  });

  it('is the sum of fractions', () => {
    fc.assert(
      fc.property(fc.array(doubles, { maxLength: 40 }), terms => {
        const units = terms.reduce((sum, term) => sum + (exactly(term)?.numerator ?? 0n), 0n);
        expect(sumOf(terms)).toBe(nearest(fraction(units, 1n << 1074n)));
      }),
    );
  });

  it('squares without loss', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e100, max: 1e100 }), root => {
        if (Math.abs(root) < 1e-140) return;
        const sum = new ExactSum();
        sum.addSquare(root);
        const units = exactly(root)?.numerator ?? 0n;
        expect(sum.value?.numerator).toBe((units * units) >> 1074n);
      }),
    );
  });

  it('has no value after anything infinite, and does not slow down', () => {
    const sum = new ExactSum();
    for (let term = 0; term < 100_000; term += 1) sum.add(term % 3 ? Infinity : NaN);
    expect(sum.value).toBeUndefined();
    expect(sumOf([1e308, 1e308, -1e308])).toBeUndefined();
  });
});

describe('the nearest double', () => {
  it('is the double itself where there is one', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-290 }), x => {
      const value = exactly(x);
      expect(value && nearest(value)).toBe(x);
    })); // prettier-ignore
  });

  it('is what division gives', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1 }), (over, under) => {
        expect(nearest(fraction(over, under))).toBe(over / under + 0);
      }),
    );
  });
});
