// What a kind of task is to this library: which arrays of a file are what, and its metrics.
import type { kinds, Kind } from '@arena/contracts';
import type { Dataset, Labels } from '../dataset.js';
import type { Numbers } from '../elements.js';
import type { Fraction } from '../exact/fraction.js';
import type { DisqualifyRule, ScoringSpec } from '../scoring.js';

export interface Arrays {
  /**
   * Inputs of the model, each `name` or `name0`, `name1`, ... for several. With more than one name here, the rows of the
   * one follow those of the other.
   */
  readonly inputs: readonly [string, ...string[]];
  /** One row for each row of the inputs. */
  readonly labels: readonly string[];
  /** Kept whole in memory. */
  readonly tables: readonly string[];
}

/** The dimensions that the model's first output may have for one row. */
export type RowShape = readonly (number | 'any')[];

/** What the model gave for some rows: finite numbers, of a shape that the kind allows. */
export interface Output {
  readonly numbers: Numbers;
  /** Of one row. */
  readonly shape: readonly number[];
}

/** 'none' where a metric means nothing on these data; undefined where the model's is too large for a double. */
export type Value = Fraction | 'none' | undefined;
export type Values<Name extends string> = Readonly<Record<Name, Value>>;

export interface Metric<Name extends string> {
  add(output: Output, labels: Labels): void;
  values(): Values<Name>;
}

export type MetricOf<K extends Kind> = Extract<keyof (typeof kinds)[K], string>;

export interface KindRules<K extends Kind> {
  readonly arrays: Arrays;
  /** Throws a DataError where the labels are not what the kind needs. */
  outputs(dataset: Dataset): readonly RowShape[];
  start(spec: ScoringSpec, dataset: Dataset): Metric<MetricOf<K>>;
}

/** The model did what no model may. */
export class Breach extends Error {
  constructor(
    readonly rule: DisqualifyRule,
    readonly detail: string,
  ) {
    super(detail);
  }
}
