// Exact numbers between the sums and the rounding: a score is rounded once, at the end.

/** The denominator is above zero. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const fraction = (numerator: bigint | number, denominator: bigint | number = 1n): Fraction => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});

const view = new DataView(new ArrayBuffer(8));
/** The size of a double's last bit, at its smallest. */
const UNITS = 1074n;

/** A finite double in units of 2^-1074, of which each is a whole number. */
export function unitsOf(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = bits & 0xfffffffffffffn;
  const size = exponent ? (mantissa | (1n << 52n)) << (exponent - 1n) : mantissa;
  return bits >> 63n ? -size : size;
}

export const ofUnits = (units: bigint): Fraction => ({ numerator: units, denominator: 1n << UNITS });

/** None for NaN and the infinities. */
export const exactly = (value: number): Fraction | undefined =>
  Number.isFinite(value) ? ofUnits(unitsOf(value)) : undefined;

export const minus = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.denominator - b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
});

export const over = (a: Fraction, divisor: number): Fraction => ({
  numerator: a.numerator,
  denominator: a.denominator * BigInt(divisor),
});

const bitsOf = (value: bigint): number => value.toString(16).length * 4;

/** The nearest double, which does not depend on how the fraction is written. */
export function nearest({ numerator, denominator }: Fraction): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  // At least 64 bits of quotient; what is below them can only break a tie, and one bit remembers it.
  const shift = Math.max(0, 64 + bitsOf(denominator) - bitsOf(size) + 4);
  const shifted = size << BigInt(shift);
  const quotient = shifted / denominator;
  const sticky = quotient * denominator === shifted ? 0n : 1n;
  // In two steps, because 2^-shift alone may be too small for a double.
  const half = Math.floor(shift / 2);
  const value = Number(quotient | sticky) * 2 ** -half * 2 ** (half - shift);
  return numerator < 0n ? -value : value;
}
