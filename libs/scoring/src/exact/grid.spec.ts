import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly, fraction } from './fraction.js';
import { roundToGrid } from './grid.js';

const decimal9 = /^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$/;

describe('rounding to the grid', () => {
  it.each([
    [1n, 8n, '0.01', '0.12'],
    [3n, 8n, '0.01', '0.38'],
    [1n, 200n, '0.01', '0'],
    [3n, 200n, '0.01', '0.02'],
    [-1n, 8n, '0.01', '-0.12'],
    [-1n, 1000n, '0.01', '0'],
    [2n, 3n, '0.000000001', '0.666666667'],
    [7n, 1n, '2', '8'],
    [5n, 1n, '2', '4'],
    [7n, 10n, '0.5', '0.5'],
    [10n, 1n, '0.1', '10'],
    [123456789012345678n, 1n, '1', '123456789012345678'],
  ])('takes %s/%s on %s to %s', (over, under, grid, expected) => {
    expect(roundToGrid(fraction(over, under), grid)).toBe(expected);
  });

  it('has no answer of more digits than a score may have', () => {
    expect(roundToGrid(fraction(10n ** 18n), '1')).toBeUndefined();
    expect(roundToGrid(fraction(-(10n ** 18n) * 10n + 5n, 10n), '1')).toBeUndefined();
    expect(roundToGrid(fraction(10n ** 18n - 1n), '1')).toBe('9'.repeat(18));
  });

  it('writes a decimal that is never minus zero, and is no further away than half a step', () => {
    const grids = fc.constantFrom('1', '0.5', '0.25', '0.001', '0.000000001', '0.000003', '12.5');
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), grids, (value, grid) => {
        const written = roundToGrid(exactly(value) ?? fraction(0), grid) ?? '';
        expect(written).toMatch(decimal9);
        expect(written).not.toMatch(/^-0(\.0+)?$/);
        expect(Math.abs(Number(written) - value)).toBeLessThanOrEqual(Number(grid) / 2 + Math.abs(value) * 2e-16);
      }),
    );
  });
});
