// The element types of arrays. Elements are little-endian in memory, as on every machine that runs ONNX models.
import type { DataType, Tensor, TensorData } from './tensor.js';

interface ElementType {
  bytes: number;
  /** A class of numbers: what labels and outputs are checked against. */
  class: 'float' | 'integer' | 'bool';
  view(buffer: ArrayBuffer): TensorData;
}

const type = (bytes: number, kind: ElementType['class'], view: ElementType['view']): ElementType => ({
  bytes,
  class: kind,
  view,
});

export const elements: Readonly<Record<DataType, ElementType>> = {
  float16: type(2, 'float', buffer => new Uint16Array(buffer)),
  bfloat16: type(2, 'float', buffer => new Uint16Array(buffer)),
  float32: type(4, 'float', buffer => new Float32Array(buffer)),
  float64: type(8, 'float', buffer => new Float64Array(buffer)),
  int8: type(1, 'integer', buffer => new Int8Array(buffer)),
  int16: type(2, 'integer', buffer => new Int16Array(buffer)),
  int32: type(4, 'integer', buffer => new Int32Array(buffer)),
  int64: type(8, 'integer', buffer => new BigInt64Array(buffer)),
  uint8: type(1, 'integer', buffer => new Uint8Array(buffer)),
  uint16: type(2, 'integer', buffer => new Uint16Array(buffer)),
  uint32: type(4, 'integer', buffer => new Uint32Array(buffer)),
  uint64: type(8, 'integer', buffer => new BigUint64Array(buffer)),
  bool: type(1, 'bool', buffer => new Uint8Array(buffer)),
};

export const productOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export type Numbers = Exclude<TensorData, BigInt64Array | BigUint64Array>;

/** 16 bits to a number, as tables: a model's outputs are converted by the million. */
const halves = new Map<DataType, Float32Array>();

function halfTable(name: 'float16' | 'bfloat16'): Float32Array {
  const known = halves.get(name);
  if (known) return known;
  const table = new Float32Array(65_536);
  if (name === 'bfloat16') {
    const bits = new Uint32Array(table.buffer);
    for (let half = 0; half < 65_536; half += 1) bits[half] = half * 65_536;
  } else {
    for (let half = 0; half < 65_536; half += 1) {
      const exponent = (half >> 10) & 31;
      const fraction = half & 1023;
      const size =
        exponent === 31 ? (fraction ? NaN : Infinity) : exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24; // prettier-ignore
      table[half] = half & 0x8000 ? -size : size;
    }
  }
  halves.set(name, table);
  return table;
}

/** The elements as numbers; integers of 64 bits are rounded, so whoever needs them whole checks their size. */
export function numbersOf({ type: name, data }: Tensor): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length);
    for (let at = 0; at < data.length; at += 1) numbers[at] = Number(data[at]);
    return numbers;
  }
  if (name !== 'float16' && name !== 'bfloat16') return data;
  const table = halfTable(name);
  const numbers = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 1) numbers[at] = table[data[at] as number] as number;
  return numbers;
}
