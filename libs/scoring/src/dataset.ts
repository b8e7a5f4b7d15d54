// What a runner and a metric see of a file: rows in batches, the inputs for the model beside the labels that it never gets.
import type { Kind } from '@arena/contracts';
import type { DataType, Tensor } from './tensor.js';

export type DatasetFormat = 'npz' | 'safetensors';

/** An array of the file. Its `shape` is that of one row. */
export interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
}

/** What a metric knows of these rows and the model must not. Opaque to a runner, which hands it to `Scoring.add`. */
export interface Labels {
  /** Number of the first row of the batch. */
  readonly first: number;
  readonly rows: number;
  /** By the name of the array in the file. */
  readonly columns: Readonly<Record<string, Tensor>>;
}

export interface Batch {
  /** In the order of the model's inputs; the first dimension is the batch. */
  readonly inputs: readonly Tensor[];
  readonly labels: Labels;
}

export interface Dataset {
  readonly kind: Kind;
  /** How many rows the model is run on. */
  readonly rows: number;
  readonly inputs: readonly Column[];
  /** The label arrays that come row by row. */
  readonly labels: readonly Column[];
  /** Runs of rows that follow one another: one, but documents and then queries for `embedding-retrieval`. */
  readonly parts: readonly { readonly name: string; readonly rows: number }[];
  /** Label arrays that belong to no row. */
  readonly tables: Readonly<Record<string, Tensor>>;
  /**
   * Each row once, in order. A batch may be smaller than `batchSize`: the last one of a part, and any where so many rows
   * would take too much memory.
   */
  batches(batchSize: number): AsyncIterable<Batch>;
}
