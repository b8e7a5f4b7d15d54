import type { TaskSpec } from '@arena/contracts';
import type { Labels } from './dataset.js';
import type { Tensor } from './tensor.js';

export type ScoringSpec = Pick<TaskSpec, 'kind' | 'scoring'> & {
  model: Pick<TaskSpec['model'], 'inputs' | 'outputs' | 'architecture'>;
};

/** What a model may not do. A vote of its own kind: never a number. */
export type DisqualifyRule = 'not-finite' | 'wrong-outputs' | 'wrong-type' | 'wrong-shape' | 'out-of-range';

export interface Disqualified {
  readonly disqualified: DisqualifyRule;
  /** One sentence, without anything of the data. */
  readonly detail: string;
}

export interface Score {
  /** The task's metric, rounded to its grid: a Decimal9. */
  readonly primary: string;
  /** Every metric of the kind that has a value on these data. */
  readonly all: Readonly<Record<string, string>>;
}

export type ScoreResult = Score | Disqualified;

export interface Scoring {
  /** Once set the rest need not be run. */
  readonly disqualified: Disqualified | undefined;
  /** The model's outputs for one batch, in the order of the batches. */
  add(outputs: readonly Tensor[], labels: Labels): void;
  /** After all rows; throws a RangeError before, unless the model is disqualified already. */
  result(): ScoreResult;
}
