// The rows of an array, from first to last, as tensors of as many rows as are asked for.
import { elements, productOf } from './elements.js';
import { DataError } from './error.js';
import { ByteStream } from './format/byte-stream.js';
import type { StoredArray } from './format/stored-array.js';
import type { DataType, Tensor } from './tensor.js';

/** An array that lies column by column must be turned round as a whole. */
const MOST_TURNED_BYTES = 64 * 1024 * 1024;

export interface Rows {
  next(rows: number): Promise<Tensor>;
  /** Reads to the end, which is where checksums are compared: before the last rows are given away. */
  end(): Promise<void>;
  close(): Promise<void>;
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

function checkBools(bytes: Uint8Array, name: string): void {
  for (const byte of bytes) if (byte > 1) throw new DataError('data/bool', name);
}

/** From Fortran order (first dimension fastest) to C order (last dimension fastest). */
function turned(bytes: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => productOf(shape.slice(0, axis)) * width);
  let from = 0;
  for (let to = 0; to < bytes.length; to += width) {
    for (let byte = 0; byte < width; byte += 1) result[to + byte] = bytes[from + byte] as number;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const stride = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      from += stride;
      index[axis] = next;
      if (next < (shape[axis] as number)) break;
      from -= stride * next;
      index[axis] = 0;
    }
  }
  return result;
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function turnedStream(array: StoredArray): Promise<ByteStream> {
  const size = productOf(array.shape) * elements[array.type].bytes;
  if (size > MOST_TURNED_BYTES) throw new DataError('data/fortran-order', array.name);
  const bytes = new Uint8Array(size);
  const stream = await array.open();
  try {
    await stream.fill(bytes);
    await stream.end();
  } finally {
    await stream.close();
  }
  return new ByteStream(only(turned(bytes, array.shape, elements[array.type].bytes)));
}

export async function openRows(array: StoredArray): Promise<Rows> {
  const { name, type, bigEndian } = array;
  const rowShape = array.shape.slice(1);
  const width = elements[type].bytes;
  const rowBytes = productOf(rowShape) * width;
  const flat = array.shape.filter(size => size !== 1).length <= 1;
  const stream = await (array.fortran && !flat ? turnedStream(array) : array.open());
  return {
    next: async rows => {
      const buffer = new ArrayBuffer(rows * rowBytes);
      const bytes = new Uint8Array(buffer);
      await stream.fill(bytes);
      if (bigEndian) swapBytes(bytes, width);
      if (type === 'bool') checkBools(bytes, name);
      return { type, shape: [rows, ...rowShape], data: elements[type].view(buffer) };
    },
    end: () => stream.end(),
    close: () => stream.close(),
  };
}

/** The whole of a small array. */
export async function readWhole(array: StoredArray, mostBytes: number): Promise<Tensor> {
  const [rows = 1] = array.shape;
  if (productOf(array.shape) * elements[array.type].bytes > mostBytes)
    throw new DataError('data/too-large', array.name);
  const reader = await openRows(array);
  try {
    const tensor = await reader.next(rows);
    await reader.end();
    return tensor;
  } finally {
    await reader.close();
  }
}

export const rowBytesOf = ({ shape, type }: { shape: readonly number[]; type: DataType }): number =>
  productOf(shape) * elements[type].bytes;
