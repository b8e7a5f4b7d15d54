// The size of a published model must not tell whose it is, so it is filled up to one of few sizes: one last
// `doc_string` of spaces, which no runtime looks at. It lies outside the canonical form and its digest.
import { MAX_MODEL_BYTES } from '@arena/contracts';
import { Cursor } from './wire/cursor.js';
import { OnnxError } from './error.js';
import { BYTES } from './wire/field.js';
import { CHUNK_BYTES, chunksOf, type ByteSource } from './source.js';

const DOC_STRING_TAG = 0x32;
/** A tag, and a length of five bytes whatever it is: so any number of bytes can be filled exactly. */
const HEADER_BYTES = 6;
const MIN_SPACES = 16;
const SMALLEST_BUCKET = 64 * 1024;
const SPACE = 0x20;

export const SMALLEST_PADDING = HEADER_BYTES + MIN_SPACES;

export interface Padding {
  /** Bytes of the model with its padding. */
  size: number;
  chunks(): Generator<Uint8Array>;
}

/** Eight buckets to each power of two: at most an eighth is added, beyond the smallest bucket. */
function bucketFor(size: number): number {
  const needed = size + SMALLEST_PADDING;
  if (needed > MAX_MODEL_BYTES) throw new RangeError(`no bucket holds ${size} bytes`);
  if (needed <= SMALLEST_BUCKET) return SMALLEST_BUCKET;
  const step = 2 ** (Math.floor(Math.log2(needed - 1)) - 3);
  return Math.min(Math.ceil(needed / step) * step, MAX_MODEL_BYTES);
}

export function pad(canonicalSize: number): Padding {
  const size = bucketFor(canonicalSize);
  const spaces = size - canonicalSize - HEADER_BYTES;
  return {
    size,
    *chunks() {
      const length = [0, 7, 14, 21].map(shift => ((spaces >>> shift) & 0x7f) | 0x80);
      yield Uint8Array.of(DOC_STRING_TAG, ...length, spaces >>> 28);
      const chunk = new Uint8Array(Math.min(spaces, CHUNK_BYTES)).fill(SPACE);
      for (let left = spaces; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
    },
  };
}

/** The canonical form again. It refuses what `pad` did not write, so that nothing can be hidden in the padding. */
export async function stripPadding(source: ByteSource): Promise<ByteSource> {
  const cursor = new Cursor(source);
  let last = { tag: 0, start: 0, content: 0 };
  while (cursor.at < source.size) {
    if (!cursor.holds(20)) await cursor.load(20);
    const start = cursor.at;
    cursor.varint(source.size);
    last = { tag: cursor.low, start, content: 0 };
    cursor.varint(source.size);
    last.content = cursor.at;
    if ((last.tag & 7) !== BYTES) continue;
    const length = cursor.high * 2 ** 32 + cursor.low;
    if (length > source.size - cursor.at) throw cursor.cutAt(source.size);
    cursor.at += length;
  }
  const span = { offset: last.content, length: source.size - last.content };
  if (last.tag !== DOC_STRING_TAG || last.content - last.start !== HEADER_BYTES || span.length < MIN_SPACES)
    throw new OnnxError('onnx/length', '', 'there is no padding at the end');
  for await (const chunk of chunksOf(source, span))
    if (chunk.some(byte => byte !== SPACE)) throw new OnnxError('onnx/length', '', 'the padding is not of spaces');
  return { size: last.start, read: (offset, length) => source.read(offset, Math.min(length, last.start - offset)) };
}
