// Outputs are logits: what comes before softmax, one for each class, or before sigmoid, a single one for class 1 of two.
// A model that knows probabilities gives their logarithms, which are logits too.
import type { Dataset, Labels } from '../dataset.js';
import { productOf } from '../elements.js';
import { DataError } from '../error.js';
import { ExactSum } from '../exact/exact-sum.js';
import { over } from '../exact/fraction.js';
import type { ScoringSpec } from '../scoring.js';
import { RankedScores } from './auc.js';
import { labelColumn, labelNumbers } from './columns.js';
import { Confusion } from './confusion.js';
import { Breach, type KindRules, type Metric, type MetricOf, type Output, type Values } from './kind.js';

const MOST_CLASSES = 1_000_000;
/** 1 GiB of scores where the AUC is the task's metric; elsewhere it must not cost more than the metric that is. */
const MOST_SCORES = { asked: 2 ** 27, other: 2 ** 20 };

function scoresFor(classes: number, dataset: Dataset, asked: boolean): RankedScores | undefined {
  const size = dataset.rows * RankedScores.columnsFor(classes);
  if (size <= (asked ? MOST_SCORES.asked : MOST_SCORES.other)) return new RankedScores(dataset.rows, classes);
  if (asked) throw new DataError('data/too-large', `auc over ${dataset.rows} rows and ${classes} classes`);
  return undefined;
}

interface Tally {
  classes: number;
  confusion: Confusion;
  scores: RankedScores | undefined;
}

class Classification implements Metric<MetricOf<'classification'>> {
  readonly #loss = new ExactSum();
  #rows = 0;
  #tally: Tally | undefined;

  constructor(
    readonly spec: ScoringSpec,
    readonly dataset: Dataset,
  ) {}

  #begin(columns: number): Tally {
    if (columns > MOST_CLASSES) throw new Breach('wrong-shape', `there are more than ${MOST_CLASSES} classes`);
    const classes = Math.max(2, columns);
    const scores = scoresFor(classes, this.dataset, this.spec.scoring.metric === 'auc');
    return { classes, confusion: new Confusion(classes), scores };
  }

  add({ numbers, shape }: Output, labels: Labels): void {
    const columns = productOf(shape);
    const tally = (this.#tally ??= this.#begin(columns));
    const y = labelNumbers(labels, 'y');
    for (let row = 0; row < labels.rows; row += 1) {
      const label = y[row] as number;
      if (!(label >= 0 && label < MOST_CLASSES)) throw new DataError('data/labels', 'y is not the number of a class');
      if (label >= tally.classes) throw new Breach('wrong-shape', `there are more than ${tally.classes} classes`);
      if (tally.scores) tally.scores.labels[this.#rows] = label;
      if (columns > 2) this.#addRow(tally, numbers, row * columns, label);
      else {
        const zero = columns === 2 ? (numbers[2 * row] as number) : 0;
        this.#addPair(tally, (numbers[(row + 1) * columns - 1] as number) - zero, label);
      }
      this.#rows += 1;
    }
  }

  /** Of two classes, only how far class 1 is ahead of class 0 counts. */
  #addPair({ confusion, scores }: Tally, ahead: number, label: number): void {
    const lead = label === 1 ? ahead : -ahead;
    this.#loss.add(Math.log1p(Math.exp(-Math.abs(lead))) + Math.max(0, -lead));
    confusion.add(ahead > 0 ? 1 : 0, label);
    if (scores) (scores.columns[0] as Float64Array)[this.#rows] = ahead;
  }

  #addRow({ classes, confusion, scores }: Tally, numbers: Output['numbers'], start: number, label: number): void {
    let best = 0;
    for (let at = 1; at < classes; at += 1)
      if ((numbers[start + at] as number) > (numbers[start + best] as number)) best = at;
    const highest = numbers[start + best] as number;
    // Without the best one's own 1, so that log1p keeps what little the others have.
    let others = 0;
    for (let at = 0; at < classes; at += 1)
      if (at !== best) others += Math.exp((numbers[start + at] as number) - highest);
    const rest = Math.log1p(others);
    this.#loss.add(highest - (numbers[start + label] as number) + rest);
    confusion.add(best, label);
    if (!scores) return;
    // The logarithms of the probabilities rank as the probabilities do, and are not all one near the end.
    for (let at = 0; at < classes; at += 1)
      (scores.columns[at] as Float64Array)[this.#rows] = (numbers[start + at] as number) - highest - rest;
  }

  values(): Values<MetricOf<'classification'>> {
    const loss = this.#loss.value;
    const { confusion, scores } = this.#tally ?? {};
    return {
      accuracy: confusion?.accuracy,
      'log-loss': loss && over(loss, this.#rows),
      'macro-f1': confusion?.macroF1,
      auc: scores?.auc ?? 'none',
    };
  }
}

export const classification: KindRules<'classification'> = {
  arrays: { inputs: ['X'], labels: ['y'], tables: [] },
  outputs: dataset => {
    if (productOf(labelColumn(dataset, 'y', 'integer', 'bool').shape) !== 1)
      throw new DataError('data/shape', 'y has one element a row');
    return [['any'], []];
  },
  start: (spec, dataset) => new Classification(spec, dataset),
};
