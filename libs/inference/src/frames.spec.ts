import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '@arena/scoring';
import { encodeTensors, encodeWords, readFrames, type Frame } from './frames.js';

const caps = { tensors: 4, bytes: 1_000 };

/** Feeds bytes in pieces of the given size, and gives the frames that came of them. */
function read(bytes: Uint8Array, piece = bytes.length, limits = caps): Frame[] {
  const frames: Frame[] = [];
  const wanted = readFrames(limits, frame => frames.push(frame));
  let target = wanted.next().value;
  let filled = 0;
  for (let at = 0; at < bytes.length;) {
    const count = Math.min(piece, target.length - filled, bytes.length - at);
    target.set(bytes.subarray(at, at + count), filled);
    at += count;
    filled += count;
    if (filled < target.length) continue;
    target = wanted.next().value;
    filled = 0;
  }
  return frames;
}

const joined = (pieces: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));
const tensor = (shape: number[]): Tensor => ({
  type: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index / 3),
});
const frame = (kind: number, head: Uint8Array | number[], length = head.length) =>
  Uint8Array.from([kind, 0, 0, 0, ...new Uint8Array(Uint32Array.of(length).buffer), ...head]);
const head = (type: number, dims: number[]) => [type, dims.length, ...new Uint8Array(Uint32Array.from(dims).buffer)];

describe('a frame', () => {
  it('comes as it went, however the pipe cuts it', () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 3 }), fc.integer({ min: 1, max: 40 }), (shapes, piece) => {
        const tensors = shapes.map(tensor);
        const bytes = joined([...encodeTensors(tensors), encodeWords({ say: 'ä' }), ...encodeTensors([])]);
        expect(read(bytes, piece)).toEqual([{ tensors }, { words: { say: 'ä' } }, { tensors: [] }]);
      }),
    );
  });

  it('keeps every type and bit', () => {
    const tensors: Tensor[] = [
      { type: 'float16', shape: [2], data: Uint16Array.of(0x7e01, 0x8000) },
      { type: 'int64', shape: [1], data: BigInt64Array.of(-(2n ** 63n)) },
      { type: 'uint64', shape: [], data: BigUint64Array.of(2n ** 64n - 1n) },
      { type: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
    ];
    expect(read(joined(encodeTensors(tensors)))).toEqual([{ tensors }]);
  });

  it('takes a view into a larger buffer for what it shows', () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const [{ tensors } = {}] = read(joined(encodeTensors([{ type: 'float32', shape: [2], data }])));
    expect([...(tensors?.[0]?.data ?? [])]).toEqual([2, 3]);
  });
});

describe('what is refused before anything is allocated', () => {
  it.each([
    ['another kind', frame(3, [])],
    ['a kind that is not one byte', Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0)],
    ['words without end', frame(1, [], 2 ** 30)],
    ['words that are no JSON', frame(1, [123])],
    ['words that are no UTF-8', frame(1, [34, 255, 34])],
    ['a head longer than any', frame(2, [], 4 * 130 + 1)],
    ['an unknown type', frame(2, head(12, [1]))],
    ['more dimensions than there are', frame(2, [0, 2, 1, 0, 0, 0])],
    ['a head that ends in the middle', frame(2, [0])],
    [
      'too many tensors',
      frame(
        2,
        [0, 1, 2, 3, 4].flatMap(() => head(0, [0])),
      ),
    ],
  ])('%s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ name: 'FrameError', tooLarge: false }));
  });

  it.each([
    ['one tensor', head(0, [251])],
    ['all tensors together', [...head(0, [200]), ...head(0, [51])]],
    ['a product beyond all numbers', head(1, Array(32).fill(2 ** 32 - 1))],
  ])('more bytes than allowed: %s', (_, bytes) => {
    expect(() => read(frame(2, bytes))).toThrow(expect.objectContaining({ tooLarge: true }));
  });
});
