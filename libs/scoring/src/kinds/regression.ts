// Several targets count alike: each metric is taken for each target, and then their plain mean.
import type { Labels } from '../dataset.js';
import { productOf } from '../elements.js';
import { DataError } from '../error.js';
import { ExactSum } from '../exact/exact-sum.js';
import { minus, nearest, over, type Fraction } from '../exact/fraction.js';
import { labelColumn, labelNumbers } from './columns.js';
import type { KindRules, Metric, MetricOf, Output, Values } from './kind.js';

const MOST_TARGETS = 65_536;
/** Beyond this its square could not be added up. */
const LARGEST_TARGET = 1e100;

interface Target {
  absolute: ExactSum;
  squares: ExactSum;
  truth: ExactSum;
  truthSquares: ExactSum;
}

/** How much of the targets' spread around their mean is explained; with no spread 1 for a perfect model, else 0. */
function explained({ squares, truth, truthSquares }: Target, rows: number): number | undefined {
  const [missed, sum, sumOfSquares] = [squares.value, truth.value, truthSquares.value];
  if (!missed || !sum || !sumOfSquares) return undefined;
  const squared: Fraction = { numerator: sum.numerator ** 2n, denominator: sum.denominator ** 2n };
  const spread = minus(sumOfSquares, over(squared, rows));
  if (spread.numerator === 0n) return missed.numerator === 0n ? 1 : 0;
  const unexplained = {
    numerator: missed.numerator * spread.denominator,
    denominator: missed.denominator * spread.numerator,
  };
  return nearest(minus({ numerator: 1n, denominator: 1n }, unexplained));
}

function mean(values: readonly (number | undefined)[]): Fraction | undefined {
  const sum = new ExactSum();
  for (const value of values) sum.add(value ?? NaN);
  return sum.value && over(sum.value, values.length);
}

class Regression implements Metric<MetricOf<'regression'>> {
  #rows = 0;
  readonly #targets: readonly Target[];

  constructor(targets: number) {
    this.#targets = Array.from({ length: targets }, () => ({
      absolute: new ExactSum(),
      squares: new ExactSum(),
      truth: new ExactSum(),
      truthSquares: new ExactSum(),
    }));
  }

  add({ numbers }: Output, labels: Labels): void {
    const y = labelNumbers(labels, 'y');
    let at = 0;
    for (let row = 0; row < labels.rows; row += 1)
      for (const target of this.#targets) {
        const truth = y[at] as number;
        if (!(Math.abs(truth) <= LARGEST_TARGET)) throw new DataError('data/labels', 'y is not finite, or above 1e100');
        const error = truth - (numbers[at] as number);
        target.absolute.add(Math.abs(error));
        target.squares.add(error * error);
        target.truth.add(truth);
        target.truthSquares.addSquare(truth);
        at += 1;
      }
    this.#rows += labels.rows;
  }

  values(): Values<MetricOf<'regression'>> {
    const each = (of: (target: Target) => number | undefined): Fraction | undefined => mean(this.#targets.map(of));
    const average = ({ value }: ExactSum): number | undefined => value && nearest(over(value, this.#rows));
    return {
      rmse: each(({ squares }) => Math.sqrt(average(squares) ?? NaN)),
      mae: each(({ absolute }) => average(absolute)),
      r2: this.#rows < 2 ? 'none' : each(target => explained(target, this.#rows)),
    };
  }
}

const targetsOf = (shape: readonly number[]): number => {
  const targets = productOf(shape);
  if (targets > MOST_TARGETS) throw new DataError('data/shape', `y has more than ${MOST_TARGETS} elements a row`);
  return targets;
};

export const regression: KindRules<'regression'> = {
  arrays: { inputs: ['X'], labels: ['y'], tables: [] },
  outputs: dataset => {
    const { shape } = labelColumn(dataset, 'y', 'float', 'integer');
    return targetsOf(shape) === 1 ? [shape, [], [1]] : [shape];
  },
  start: (_, dataset) => new Regression(targetsOf(labelColumn(dataset, 'y', 'float', 'integer').shape)),
};
