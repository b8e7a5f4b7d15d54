// What goes over the two pipes between us and the process that runs a model. A frame is a kind (1 byte, 3 of zero), the
// length of its head (4 bytes, little-endian as everything here), its head, and for tensors their bytes one after the
// other. How many those are follows from the shapes in the head, so no count can contradict them.
// The child runs this file too: it imports nothing but types.
import type { DataType, Tensor, TensorData } from '@arena/scoring';

export type Frame = { words: unknown; tensors?: never } | { tensors: Tensor[]; words?: never };

export interface FrameCaps {
  /** Tensors in one frame. */
  tensors: number;
  /** Bytes of all tensors of one frame together. */
  bytes: number;
}

/** What was read is no frame, or a larger one than the caps allow. */
export class FrameError extends Error {
  override readonly name = 'FrameError';

  constructor(
    message: string,
    readonly tooLarge = false,
  ) {
    super(message);
  }
}

type View = new (buffer: ArrayBuffer) => TensorData;

/** The place in this list is the number of the type on the wire. */
const elements: readonly { type: DataType; bytes: number; View: View }[] = [
  { type: 'float32', bytes: 4, View: Float32Array },
  { type: 'float64', bytes: 8, View: Float64Array },
  { type: 'float16', bytes: 2, View: Uint16Array },
  { type: 'int8', bytes: 1, View: Int8Array },
  { type: 'int16', bytes: 2, View: Int16Array },
  { type: 'int32', bytes: 4, View: Int32Array },
  { type: 'int64', bytes: 8, View: BigInt64Array },
  { type: 'uint8', bytes: 1, View: Uint8Array },
  { type: 'uint16', bytes: 2, View: Uint16Array },
  { type: 'uint32', bytes: 4, View: Uint32Array },
  { type: 'uint64', bytes: 8, View: BigUint64Array },
  { type: 'bool', bytes: 1, View: Uint8Array },
];

const WORDS = 1;
const TENSORS = 2;
const HEADER_BYTES = 8;
const MAX_WORDS_BYTES = 256 * 1024;
const MAX_RANK = 32;
const MAX_TENSOR_HEAD_BYTES = 2 + 4 * MAX_RANK;

export const isElementType = (type: string): type is DataType => elements.some(element => element.type === type);

function frameOf(kind: number, head: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + head.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, kind);
  view.setUint32(4, head.length, true);
  frame.set(head, HEADER_BYTES);
  return frame;
}

export const encodeWords = (words: unknown): Uint8Array =>
  frameOf(WORDS, new TextEncoder().encode(JSON.stringify(words)));

/** Pieces to be written in this order. The tensors' own memory is among them: it may not change until it is written. */
export function encodeTensors(tensors: readonly Tensor[]): Uint8Array[] {
  const head = new DataView(new ArrayBuffer(tensors.reduce((sum, { shape }) => sum + 2 + 4 * shape.length, 0)));
  let at = 0;
  for (const { type, shape } of tensors) {
    head.setUint8(
      at,
      elements.findIndex(element => element.type === type),
    );
    head.setUint8(at + 1, shape.length);
    shape.forEach((dim, axis) => head.setUint32(at + 2 + 4 * axis, dim, true));
    at += 2 + 4 * shape.length;
  }
  const bodies = tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [frameOf(TENSORS, new Uint8Array(head.buffer)), ...bodies];
}

/**
 * Yields the bytes that are to be filled next, one piece after the other, and gives each frame once it is whole. Who
 * drives it may block or not. It allocates what a frame announces, so the caps are looked at before.
 */
export function* readFrames(caps: FrameCaps, got: (frame: Frame) => void): Generator<Uint8Array, never, void> {
  const header = new Uint8Array(HEADER_BYTES);
  const headerView = new DataView(header.buffer);
  for (;;) {
    yield header;
    const kind = headerView.getUint32(0, true);
    const length = headerView.getUint32(4, true);
    if (kind !== WORDS && kind !== TENSORS) throw new FrameError(`a frame of unknown kind ${kind}`);
    if (length > (kind === WORDS ? MAX_WORDS_BYTES : caps.tensors * MAX_TENSOR_HEAD_BYTES))
      throw new FrameError(`a head of ${length} bytes`);
    const head = new Uint8Array(length);
    if (length > 0) yield head;
    if (kind === WORDS) {
      got({ words: parse(head) });
      continue;
    }
    const tensors: Tensor[] = [];
    for (const { type, shape, bytes, View } of described(head, caps)) {
      const buffer = new ArrayBuffer(bytes);
      if (bytes > 0) yield new Uint8Array(buffer);
      tensors.push({ type, shape, data: new View(buffer) });
    }
    got({ tensors });
  }
}

function parse(head: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(head));
  } catch {
    throw new FrameError('words that are no JSON');
  }
}

function described(
  head: Uint8Array,
  caps: FrameCaps,
): { type: DataType; shape: number[]; bytes: number; View: View }[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const found: ReturnType<typeof described> = [];
  let total = 0;
  for (let at = 0; at < head.length;) {
    const element = elements[view.getUint8(at)];
    const rank = at + 1 < head.length ? view.getUint8(at + 1) : 0;
    at += 2;
    if (!element || rank > MAX_RANK || at + 4 * rank > head.length)
      throw new FrameError('a tensor that is not described');
    const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(at + 4 * axis, true));
    at += 4 * rank;
    const bytes = shape.reduce((product, dim) => product * dim, element.bytes);
    total += bytes;
    if (total > caps.bytes) throw new FrameError(`tensors of more than ${caps.bytes} bytes`, true);
    found.push({ type: element.type, shape, bytes, View: element.View });
  }
  if (found.length > caps.tensors) throw new FrameError(`${found.length} tensors, not ${caps.tensors} at most`);
  return found;
}
