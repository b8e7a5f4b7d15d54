import type { Kind } from '@arena/contracts';
import { batchesOf } from './batches.js';
import type { Column, Dataset, DatasetFormat } from './dataset.js';
import { productOf } from './elements.js';
import { DataError } from './error.js';
import { readNpz } from './format/npz.js';
import { readSafetensors } from './format/safetensors.js';
import type { StoredArray } from './format/stored-array.js';
import { rules } from './kinds/table.js';
import { readWhole, rowBytesOf } from './rows.js';
import type { ByteSource } from './source.js';
import type { Tensor } from './tensor.js';

const MOST_ROW_BYTES = 64 * 1024 * 1024;
const MOST_TABLE_BYTES = 64 * 1024 * 1024;

const readers = { npz: readNpz, safetensors: readSafetensors } satisfies Record<DatasetFormat, unknown>;

type Arrays = Map<string, StoredArray>;

/** Takes an array out, so that what is left has no use. */
function take(arrays: Arrays, name: string): StoredArray {
  const array = arrays.get(name);
  if (!array) throw new DataError('data/missing-array', name);
  arrays.delete(name);
  return array;
}

/** `name`, or `name0`, `name1`, ... */
function takeInputs(arrays: Arrays, name: string): StoredArray[] {
  if (!arrays.has(`${name}0`)) return [take(arrays, name)];
  const taken: StoredArray[] = [];
  while (arrays.has(`${name}${taken.length}`)) taken.push(take(arrays, `${name}${taken.length}`));
  return taken;
}

function rowsOf(arrays: readonly StoredArray[]): number {
  const counts = arrays.map(({ name, shape }) => {
    const [rows, ...row] = shape;
    if (rows === undefined) throw new DataError('data/shape', `${name} has no rows, it is one number`);
    if (rows === 0) throw new DataError('data/no-rows', name);
    if (productOf(row) === 0) throw new DataError('data/shape', `a row of ${name} is empty`);
    return rows;
  });
  const [rows = 0] = counts;
  if (counts.some(count => count !== rows)) throw new DataError('data/rows', arrays.map(({ name }) => name).join(', '));
  return rows;
}

function columnOf(array: StoredArray): Column {
  const column = { name: array.name, type: array.type, shape: array.shape.slice(1) };
  if (rowBytesOf(column) > MOST_ROW_BYTES) throw new DataError('data/row-too-large', array.name);
  return column;
}

const sameRows = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length &&
  a.every(({ type, shape }, at) => type === b[at]?.type && shape.join() === b[at].shape.join());

/** Reads what is where, and nothing of the rows; throws a DataError where the file is not one of this kind. */
export async function openDataset(source: ByteSource, format: DatasetFormat, kind: Kind): Promise<Dataset> {
  const { arrays: wanted, outputs } = rules[kind];
  const arrays: Arrays = new Map((await readers[format](source)).map(array => [array.name, array]));
  const parts = wanted.inputs.map(name => ({ name, arrays: takeInputs(arrays, name) }));
  const labels = wanted.labels.map(name => take(arrays, name));
  const tables = wanted.tables.map(name => take(arrays, name));
  for (const name of arrays.keys()) throw new DataError('data/unknown-array', name);

  const counted = parts.map(part => ({ ...part, rows: rowsOf([...part.arrays, ...labels]) }));
  const [columns = [], ...others] = counted.map(part => part.arrays.map(columnOf));
  if (others.some(other => !sameRows(columns, other)))
    throw new DataError('data/shape', `${wanted.inputs.join(' and ')} must have rows of the same kind`);
  const whole: Record<string, Tensor> = {};
  for (const table of tables) {
    rowsOf([table]);
    whole[table.name] = await readWhole(table, MOST_TABLE_BYTES);
  }
  const dataset: Dataset = {
    kind,
    rows: counted.reduce((sum, { rows }) => sum + rows, 0),
    inputs: columns,
    labels: labels.map(columnOf),
    parts: counted.map(({ name, rows }) => ({ name, rows })),
    tables: whole,
    batches: batchSize => batchesOf(counted, labels, batchSize),
  };
  outputs(dataset);
  return dataset;
}
