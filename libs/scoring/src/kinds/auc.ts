// The area under the ROC curve, exactly: how often a positive row scores above a negative one, ties counting half.
import { ExactSum } from '../exact/exact-sum.js';
import { fraction, nearest, over, type Fraction } from '../exact/fraction.js';
import type { Value } from './kind.js';

/** By class, or of class 1 alone where there are two. */
export class RankedScores {
  readonly labels: Int32Array;
  readonly columns: readonly Float64Array[];

  static columnsFor(classes: number): number {
    return classes === 2 ? 1 : classes;
  }

  constructor(rows: number, classes: number) {
    this.labels = new Int32Array(rows);
    this.columns = Array.from({ length: RankedScores.columnsFor(classes) }, () => new Float64Array(rows));
  }

  /** With more than two classes the plain mean, each class against the rest, over those that some rows are and some not. */
  get auc(): Value {
    const [only] = this.columns;
    if (only && this.columns.length === 1) return this.#area(only, 1) ?? 'none';
    const sum = new ExactSum();
    let classes = 0;
    for (const [label, scores] of this.columns.entries()) {
      const area = this.#area(scores, label);
      if (!area) continue;
      sum.add(nearest(area));
      classes += 1;
    }
    return sum.value && classes ? over(sum.value, classes) : 'none';
  }

  #area(scores: Float64Array, positive: number): Fraction | undefined {
    const { labels } = this;
    let count = 0;
    for (const label of labels) if (label === positive) count += 1;
    if (count === 0 || count === labels.length) return undefined;
    const positives = new Float64Array(count);
    const negatives = new Float64Array(labels.length - count);
    let [ups, downs] = [0, 0];
    for (let row = 0; row < labels.length; row += 1)
      if (labels[row] === positive) positives[ups++] = scores[row] as number;
      else negatives[downs++] = scores[row] as number;
    positives.sort();
    negatives.sort();
    // Twice the wins plus the ties: below 2^53 as long as there are fewer than 2^27 rows.
    let twice = 0;
    let [below, upTo] = [0, 0];
    for (const score of positives) {
      while (below < negatives.length && (negatives[below] as number) < score) below += 1;
      while (upTo < negatives.length && (negatives[upTo] as number) <= score) upTo += 1;
      twice += below + upTo;
    }
    return fraction(twice, 2 * count * negatives.length);
  }
}
