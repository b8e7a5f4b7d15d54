import { elements, numbersOf, productOf } from './elements.js';
import { DataError } from './error.js';
import { isFinite } from './finite.js';
import { Breach, type Output, type RowShape } from './kinds/kind.js';
import { declaredRow, fits, type Declared } from './signature.js';
import type { Tensor } from './tensor.js';

export type OutputReader = (outputs: readonly Tensor[], rows: number) => Output;

/** All of a model's outputs are checked; the first is the one that is scored. */
export function outputReader(declared: readonly Declared[], allowed: readonly RowShape[]): OutputReader {
  const rowShapes = declared.map((output, at) => declaredRow(output, `output ${at}`));
  const [scored] = declared;
  const [scoredRow] = rowShapes;
  if (!scored || !scoredRow || !allowed.some(shape => fits(scoredRow, shape)))
    throw new DataError('data/signature', "the task's first output is not of the shape that these labels need");
  if (elements[scored.type].class !== 'float')
    throw new DataError('data/signature', "the task's first output does not hold floats");
  // A size that the task leaves open is the model's choice, once.
  const chosen: (readonly number[])[] = [];

  const check = (tensor: Tensor, at: number, rows: number): void => {
    const [batch, ...row] = tensor.shape;
    if (tensor.type !== declared[at]?.type) throw new Breach('wrong-type', `output ${at} is ${tensor.type}`);
    chosen[at] ??= row;
    const right = batch === rows && fits(row, rowShapes[at] ?? []) && row.join() === chosen[at].join();
    if (!right || tensor.data.length !== productOf(tensor.shape) || tensor.data.length === 0)
      throw new Breach('wrong-shape', `output ${at} is [${tensor.shape.join(', ')}] for ${rows} rows`);
    if (!isFinite(tensor)) throw new Breach('not-finite', `output ${at} is not a number everywhere`);
  };

  return (outputs, rows) => {
    if (outputs.length !== declared.length) throw new Breach('wrong-outputs', `there are ${outputs.length} outputs`);
    for (const [at, tensor] of outputs.entries()) check(tensor, at, rows);
    const [tensor] = outputs as [Tensor];
    const shape = tensor.shape.slice(1);
    if (!allowed.some(pattern => fits(shape, pattern)))
      throw new Breach('wrong-shape', `output 0 is [${tensor.shape.join(', ')}], which cannot be scored`);
    return { numbers: numbersOf(tensor), shape };
  };
}
