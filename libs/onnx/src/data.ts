// The elements of a tensor as raw little-endian bytes, chunk by chunk. Bits are copied: no float is ever made a number
// of JavaScript on the way, so NaN payloads and signs of zero stay what they are.
import { OnnxError } from './error.js';
import type { ElementType } from './element-types.js';
import type { Layout } from './layout.js';
import type { DataPiece } from './model.js';
import { CHUNK_BYTES, chunksOf, type ByteSource, type ModelFiles } from './source.js';

const FLOAT_DATA = 4;
const DOUBLE_DATA = 10;

/** Each chunk holds whole elements and is only good until the next is asked for. */
export async function* elementsOf(files: ModelFiles, layout: Layout): AsyncGenerator<Uint8Array> {
  const { data, element } = layout;
  if (data.in === 'model') yield* chunksOf(files.model, data.span);
  else if (data.in === 'external' && files.external) yield* chunksOf(files.external.source, data.span);
  else if (data.in === 'memory') yield data.raw;
  else if (data.in === 'pieces')
    for (const piece of data.pieces)
      yield* piece.field === FLOAT_DATA || piece.field === DOUBLE_DATA
        ? chunksOf(files.model, piece)
        : integers(files.model, piece, element);
}

const cut = (at: number): OnnxError => new OnnxError('onnx/tensor-data', '', `half an element at byte ${at}`);

/** Varints to fixed width: the lowest bytes of each, as a cast would take them. */
async function* integers(source: ByteSource, piece: DataPiece, element: ElementType): AsyncGenerator<Uint8Array> {
  // A varint has at least one byte, so a chunk of them never yields more elements than it has bytes.
  const out = new DataView(new ArrayBuffer(CHUNK_BYTES * element.bytes));
  const state = { low: 0, high: 0, index: 0 };
  let at = piece.offset;
  for await (const chunk of chunksOf(source, piece)) {
    const used = decode(chunk, state, element, out, at);
    at += chunk.length;
    yield new Uint8Array(out.buffer, 0, used);
  }
  if (state.index !== 0) throw cut(at);
}

function decode(
  chunk: Uint8Array,
  state: { low: number; high: number; index: number },
  element: ElementType,
  out: DataView,
  at: number,
): number {
  let { low, high, index } = state;
  let used = 0;
  for (const byte of chunk) {
    const bits = byte & 0x7f;
    if (index < 4) low |= bits << (7 * index);
    else if (index === 4) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (7 * index - 32);
    index += 1;
    if (byte >= 0x80) {
      if (index === 10) throw new OnnxError('onnx/varint', '', `in the data after byte ${at}`);
      continue;
    }
    if (index === 10 && byte > 1) throw new OnnxError('onnx/varint', '', `in the data after byte ${at}`);
    write(out, used, element, low, high);
    used += element.bytes;
    low = high = index = 0;
  }
  Object.assign(state, { low, high, index });
  return used;
}

function write(out: DataView, at: number, element: ElementType, low: number, high: number): void {
  if (element.bytes === 1) out.setUint8(at, element.name === 'bool' ? Number(low !== 0) : low);
  else if (element.bytes === 2) out.setUint16(at, low, true);
  else out.setUint32(at, low, true);
  if (element.bytes === 8) out.setUint32(at + 4, high, true);
}
