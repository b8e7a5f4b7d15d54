// What a task says of its models, against the data that they are run on.
import type { Column } from './dataset.js';
import { DataError } from './error.js';
import type { ScoringSpec } from './scoring.js';

export type Declared = ScoringSpec['model']['inputs'][number];

const refuse = (detail: string): never => {
  throw new DataError('data/signature', detail);
};

/** The dimensions of one row: the batch comes first, and only there. */
export function declaredRow({ shape }: Declared, what: string): (number | 'any')[] {
  const [batch, ...row] = shape;
  if (batch !== 'batch' && batch !== 'any') return refuse(`the first dimension of ${what} is not the batch`);
  return row.map(size => (size === 'batch' ? refuse(`${what} has the batch in two dimensions`) : size));
}

/** 'any' takes every size. */
export const fits = (sizes: readonly (number | 'any')[], pattern: readonly (number | 'any')[]): boolean =>
  sizes.length === pattern.length &&
  sizes.every((size, at) => size === pattern[at] || size === 'any' || pattern[at] === 'any');

export function checkInputs(declared: readonly Declared[], columns: readonly Column[]): void {
  if (declared.length !== columns.length)
    refuse(`${columns.length} inputs in the data, ${declared.length} in the task`);
  for (const [at, { name, type, shape }] of columns.entries()) {
    const input = declared[at] as Declared;
    if (input.type !== type) refuse(`${name} is ${type}, and the task's is ${input.type}`);
    if (!fits(shape, declaredRow(input, `input ${at}`)))
      refuse(`a row of ${name} has other dimensions than the task says`);
  }
}
