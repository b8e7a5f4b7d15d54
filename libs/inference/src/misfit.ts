import type { Column } from '@arena/scoring';
import type { Declared } from './words.js';

/** What keeps a model from being run on these data, or nothing. By position: names mean nothing, and nothing is cast. */
export function misfitOf(inputs: readonly Declared[], columns: readonly Column[]): string | undefined {
  if (inputs.length !== columns.length) return `it takes ${inputs.length} inputs, the data have ${columns.length}`;
  for (const [index, { type, shape }] of inputs.entries()) {
    const column = columns[index] as Column;
    const row = [null, ...column.shape];
    const fits = shape.length === row.length && row.every((dim, axis) => dim === null || (shape[axis] ?? dim) === dim);
    if (type !== column.type || !fits)
      return `input ${index} takes ${written(type, shape)}, the data have ${written(column.type, row)}`;
  }
  return undefined;
}

const written = (type: string, shape: readonly (number | null)[]): string =>
  `${type} [${shape.map(dim => dim ?? '?').join(', ')}]`;
