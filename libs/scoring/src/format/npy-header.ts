// The header of a .npy array: a Python dict of three known keys, read by a grammar of just that and never evaluated.
import { DataError } from '../error.js';
import type { DataType } from '../tensor.js';

export interface NpyHeader {
  type: DataType;
  bigEndian: boolean;
  fortran: boolean;
  shape: number[];
}

const types: Readonly<Record<string, DataType>> = {
  f2: 'float16', f4: 'float32', f8: 'float64',
  i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64',
  u1: 'uint8', u2: 'uint16', u4: 'uint32', u8: 'uint64', b1: 'bool',
}; // prettier-ignore

const MOST_DIMENSIONS = 32;

function elementOf(descr: string, where: string): Pick<NpyHeader, 'type' | 'bigEndian'> {
  if (/^[<>|=]?O/.test(descr)) throw new DataError('data/object-array', where);
  const [, order, name = ''] = /^([<>|])([a-z][0-9])$/.exec(descr) ?? [];
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (!type || (order === '|' && !name.endsWith('1'))) throw new DataError('data/element-type', where);
  return { type, bigEndian: order === '>' };
}

export function parseNpyHeader(text: string, where: string): NpyHeader {
  let at = 0;
  const refuse = (detail: string): never => {
    throw new DataError('data/npy-header', `${where}: ${detail}`);
  };
  /** What the pattern finds here, blanks before it left out; the empty string where it finds nothing. */
  const take = (pattern: RegExp): string => {
    const found = new RegExp(`[ \\t]*(${pattern.source})`, 'y');
    found.lastIndex = at;
    const [all, wanted] = found.exec(text) ?? [];
    if (all === undefined || wanted === undefined) return '';
    at += all.length;
    return wanted;
  };
  const expect = (pattern: RegExp): string => take(pattern) || refuse(`expected ${pattern.source}`);
  const string = (): string => expect(/'[^'"\\]{0,64}'|"[^'"\\]{0,64}"/).slice(1, -1);

  const shape = (): number[] => {
    const sizes: number[] = [];
    expect(/\(/);
    while (!take(/\)/)) {
      const size = Number(expect(/0|[1-9][0-9]{0,15}/));
      if (!Number.isSafeInteger(size) || sizes.push(size) > MOST_DIMENSIONS) refuse('too many or too large dimensions');
      // A tuple of one has a comma, or it would be a number.
      if (!take(/,/)) {
        if (sizes.length === 1) refuse('a shape that is no tuple');
        expect(/\)/);
        break;
      }
    }
    return sizes;
  };

  const header: Partial<NpyHeader> = {};
  const readers: Record<string, () => Partial<NpyHeader>> = {
    // A list here describes records, which models do not take.
    descr: () => {
      if (take(/\[/)) throw new DataError('data/element-type', `${where}: records`);
      return elementOf(string(), where);
    },
    fortran_order: () => ({ fortran: expect(/True|False/) === 'True' }),
    shape: () => ({ shape: shape() }),
  };
  const seen = new Set<string>();
  expect(/\{/);
  while (!take(/\}/)) {
    const key = string();
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (!read || seen.has(key)) return refuse('an unknown or repeated key');
    seen.add(key);
    expect(/:/);
    Object.assign(header, read());
    if (!take(/,/)) {
      expect(/\}/);
      break;
    }
  }
  if (!/^ *\n?$/.test(text.slice(at))) refuse('something follows it');
  const { type, bigEndian, fortran, shape: sizes } = header;
  if (type === undefined || bigEndian === undefined || fortran === undefined || !sizes)
    return refuse('a key is missing');
  return { type, bigEndian, fortran, shape: sizes };
}
