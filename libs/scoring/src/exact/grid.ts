import type { Fraction } from './fraction.js';

const BILLIONTHS = 1_000_000_000n;
/** A Decimal9 has no more than eighteen digits before its point. */
const LIMIT = 10n ** 18n * BILLIONTHS;

function billionthsOf(decimal: string): bigint {
  const [whole = '0', decimals = ''] = decimal.split('.');
  return BigInt(whole + decimals.padEnd(9, '0'));
}

function decimalOf(billionths: bigint): string {
  const size = billionths < 0n ? -billionths : billionths;
  const decimals = (size % BILLIONTHS).toString().padStart(9, '0').replace(/0+$/, '');
  return `${billionths < 0n ? '-' : ''}${size / BILLIONTHS}${decimals && `.${decimals}`}`;
}

/** The nearest multiple of the grid, ties to the even one, as a Decimal9; none where it has too many digits. */
export function roundToGrid({ numerator, denominator }: Fraction, grid: string): string | undefined {
  const step = billionthsOf(grid);
  const size = (numerator < 0n ? -numerator : numerator) * BILLIONTHS;
  const unit = denominator * step;
  const twice = 2n * (size % unit);
  let steps = size / unit;
  if (twice > unit || (twice === unit && steps % 2n === 1n)) steps += 1n;
  const rounded = steps * step;
  if (rounded >= LIMIT) return undefined;
  return decimalOf(numerator < 0n ? -rounded : rounded);
}
