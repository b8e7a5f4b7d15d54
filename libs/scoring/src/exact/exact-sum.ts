// A sum of doubles without any rounding: the parts kept do not overlap, and together are the sum (Shewchuk 1997). So it
// depends neither on the order of the terms nor on how they came in batches.
import { ofUnits, unitsOf, type Fraction } from './fraction.js';

/** Doubles reach over 2098 bits, each part takes 53 or more of them, and one is being made. */
const MOST_PARTS = 42;

/** Splits a double in two halves of 26 bits (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;

export class ExactSum {
  readonly #parts = new Float64Array(MOST_PARTS);
  #count = 0;
  /** A term or a part is beyond doubles: there is no sum any more. */
  #lost = false;

  add(term: number): void {
    if (this.#lost) return;
    const parts = this.#parts;
    let sum = term;
    let kept = 0;
    for (let at = 0; at < this.#count; at += 1) {
      const part = parts[at] as number;
      const next = sum + part;
      const grown = next - sum;
      const lost = sum - (next - grown) + (part - grown);
      if (lost !== 0) {
        parts[kept] = lost;
        kept += 1;
      }
      sum = next;
    }
    parts[kept] = sum;
    this.#count = kept + 1;
    this.#lost = !Number.isFinite(sum);
  }

  /** For sizes up to 1e150; below 1e-146 the product's own last bits are lost. */
  addSquare(root: number): void {
    const square = root * root;
    const wide = SPLITTER * root;
    const high = wide - (wide - root);
    const low = root - high;
    this.add(square);
    const lost = low * low - (square - high * high - 2 * high * low);
    if (lost !== 0) this.add(lost);
  }

  /** None where a term was not finite, or all of them together exceed what a double can hold. */
  get value(): Fraction | undefined {
    if (this.#lost) return undefined;
    let units = 0n;
    for (const part of this.#parts.subarray(0, this.#count)) units += unitsOf(part);
    return ofUnits(units);
  }
}
