import { elements, productOf } from '../elements.js';
import { DataError, shown } from '../error.js';
import { readExactly, type ByteSource } from '../source.js';
import type { DataType } from '../tensor.js';
import { ByteStream, chunksOf } from './byte-stream.js';
import { repeatedKey } from './json-keys.js';
import { arrayName, type StoredArray } from './stored-array.js';

const types: Readonly<Record<string, DataType>> = {
  F16: 'float16', BF16: 'bfloat16', F32: 'float32', F64: 'float64',
  I8: 'int8', I16: 'int16', I32: 'int32', I64: 'int64',
  U8: 'uint8', U16: 'uint16', U32: 'uint32', U64: 'uint64', BOOL: 'bool',
}; // prettier-ignore

const MOST_HEADER_BYTES = 1024 * 1024;
const MOST_TENSORS = 200;
const MOST_DIMENSIONS = 32;

const header = (detail: string): DataError => new DataError('data/safetensors-header', detail);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= MOST_DIMENSIONS &&
  value.every(size => Number.isSafeInteger(size) && size >= 0);

async function readHeader(source: ByteSource): Promise<{ tensors: [string, unknown][]; data: number }> {
  if (source.size === 0) throw new DataError('data/empty', 'no bytes');
  if (source.size < 8) throw header('it is cut off');
  const start = await readExactly(source, 0, 8);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > MOST_HEADER_BYTES) throw new DataError('data/header-too-large', `${length} bytes`);
  if (Number(length) > source.size - 8) throw header('it is longer than the file');
  const bytes = await readExactly(source, 8, Number(length));
  if (bytes[0] !== 0x7b) throw header('it is no JSON object');
  let parsed: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch {
    throw header('it is no JSON');
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new DataError('data/duplicate-array', shown(twice));
  if (!isObject(parsed)) throw header('it is no JSON object');
  const { __metadata__: metadata = {}, ...tensors } = parsed;
  if (!isObject(metadata) || Object.values(metadata).some(value => typeof value !== 'string'))
    throw header('its metadata are not strings');
  return { tensors: Object.entries(tensors), data: 8 + Number(length) };
}

function placed(
  name: string,
  value: unknown,
): { name: string; type: DataType; shape: number[]; from: number; to: number } {
  if (!arrayName.test(name)) throw new DataError('data/array-name', shown(name));
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') throw header(shown(name));
  const { dtype, shape, data_offsets: offsets } = value;
  const type = typeof dtype === 'string' && Object.hasOwn(types, dtype) ? types[dtype] : undefined;
  if (!type) throw new DataError('data/element-type', shown(name));
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) throw header(shown(name));
  const [from, to] = offsets as [number, number];
  if (productOf(shape) * elements[type].bytes !== to - from) throw new DataError('data/size', shown(name));
  return { name, type, shape, from, to };
}

export async function readSafetensors(source: ByteSource): Promise<StoredArray[]> {
  const { tensors, data } = await readHeader(source);
  if (tensors.length > MOST_TENSORS) throw new DataError('data/too-many-arrays', `${tensors.length} tensors`);
  let free = 0;
  const arrays = tensors
    .map(([name, value]) => placed(name, value))
    .toSorted((a, b) => a.from - b.from || a.to - b.to)
    .map(({ name, type, shape, from, to }): StoredArray => {
      if (from !== free) throw new DataError('data/offsets', shown(name));
      free = to;
      return {
        ...{ name, type, shape, fortran: false, bigEndian: false },
        open: () => Promise.resolve(new ByteStream(chunksOf(source, data + from, to - from))),
      };
    });
  if (data + free !== source.size) throw new DataError('data/offsets', 'the file is not as long as its tensors');
  return arrays;
}
