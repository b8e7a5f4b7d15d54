import { ExactSum } from '../exact/exact-sum.js';
import { fraction, over, type Fraction } from '../exact/fraction.js';

/** How often each class was predicted, was there, and was predicted rightly. */
export class Confusion {
  #rows = 0;
  #right = 0;
  readonly #hits: Float64Array;
  /** Predicted plus there: what the F1 of a class is divided by. */
  readonly #either: Float64Array;

  constructor(classes: number) {
    this.#hits = new Float64Array(classes);
    this.#either = new Float64Array(classes);
  }

  add(predicted: number, actual: number): void {
    this.#rows += 1;
    this.#either[predicted] = (this.#either[predicted] as number) + 1;
    this.#either[actual] = (this.#either[actual] as number) + 1;
    if (predicted !== actual) return;
    this.#right += 1;
    this.#hits[actual] = (this.#hits[actual] as number) + 1;
  }

  get accuracy(): Fraction {
    return fraction(this.#right, this.#rows);
  }

  /** The plain mean over the classes that were there or predicted. */
  get macroF1(): Fraction | undefined {
    const sum = new ExactSum();
    let classes = 0;
    for (const [label, either] of this.#either.entries()) {
      if (either === 0) continue;
      sum.add((2 * (this.#hits[label] as number)) / either);
      classes += 1;
    }
    return sum.value && over(sum.value, classes);
  }
}
