// What the kinds ask of label arrays.
import type { Column, Dataset, Labels } from '../dataset.js';
import { elements, numbersOf, type Numbers } from '../elements.js';
import { DataError } from '../error.js';

type ElementClass = (typeof elements)[Column['type']]['class'];

export function labelColumn({ labels }: Dataset, name: string, ...classes: readonly ElementClass[]): Column {
  const column = labels.find(one => one.name === name);
  if (!column) throw new RangeError(`a dataset of another kind: it has no ${name}`);
  if (!classes.includes(elements[column.type].class))
    throw new DataError('data/element-type', `${name} must hold elements of class ${classes.join(' or ')}`);
  return column;
}

export function labelNumbers({ columns }: Labels, name: string): Numbers {
  const tensor = columns[name];
  if (!tensor) throw new RangeError(`labels of another kind: they have no ${name}`);
  return numbersOf(tensor);
}
