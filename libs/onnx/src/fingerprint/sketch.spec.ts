import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementTypes, type ElementName } from '../element-types.js';
import { randomFrom } from '../fixture/random.js';
import { normal } from '../fixture/trained.js';
import type { Layout } from '../layout.js';
import { packSketch, similarityPpm } from './similarity.js';
import { isSketched, Sketcher, type TensorSketch } from './sketch.js';

const layoutOf = (name: ElementName, elements: number): Layout => {
  const element = Object.values(elementTypes).find(type => type.name === name)!;
  return { element, dims: [elements], elements, bytes: elements * element.bytes, data: { in: 'pieces', pieces: [] } };
};
const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const sketchOf = (
  name: ElementName,
  values: ArrayBufferView & { length: number },
  cuts: number[] = [],
): TensorSketch => {
  const layout = layoutOf(name, values.length);
  const sketcher = new Sketcher(layout);
  const bytes = bytesOf(values);
  let start = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), values.length]) {
    sketcher.update(bytes.subarray(start * layout.element.bytes, cut * layout.element.bytes));
    start = cut;
  }
  return sketcher.digest();
};

const random = randomFrom(3);
const weights = Float32Array.from({ length: 5_000 }, () => Math.fround(normal(random)));

describe('a sketch', () => {
  it('does not depend on the pieces in which the elements come', () => {
    const whole = sketchOf('float32', weights);
    fc.assert(
      fc.property(fc.array(fc.nat(weights.length), { maxLength: 12 }), cuts => {
        expect(sketchOf('float32', weights, cuts)).toEqual(whole);
      }),
    );
  });

  it('is linear, so that a starter can be taken away', () => {
    const other = weights.map(value => value * value);
    const sum = sketchOf(
      'float32',
      weights.map((value, index) => value + other[index]!),
    ).sums;
    const parts = sketchOf('float32', weights).sums.map(
      (value, lane) => value + sketchOf('float32', other).sums[lane]!,
    );
    sum.forEach((value, lane) => expect(value).toBeCloseTo(parts[lane]!, 3));
  });

  it('knows weights again that were cast to another type', () => {
    const packed = (name: ElementName, values: ArrayBufferView & { length: number }): Uint8Array =>
      packSketch([sketchOf(name, values)]);
    const original = packed('float32', weights);
    const bits = new Uint32Array(weights.buffer);
    const casts = {
      float64: Float64Array.from(weights),
      bfloat16: Uint16Array.from(bits, word => word >>> 16),
      int8: Int8Array.from(weights, value => Math.round(value * 25)),
      int16: Int16Array.from(weights, value => Math.round(value * 1000)),
      int32: Int32Array.from(weights, value => Math.round(value * 1000)),
      uint8: Uint8Array.from(weights, value => Math.round(value * 25) + 128),
    };
    for (const [name, values] of Object.entries(casts))
      expect(similarityPpm(original, packed(name as ElementName, values)), name).toBeGreaterThan(998_000);
    // Half floats of 1, -2, 0.5 and the smallest of all, over and over.
    const halves = Uint16Array.from(
      { length: 512 },
      (_, index) => [0x3c00, 0xc000, 0x3800, 1][((index * index) % 7) % 4]!,
    );
    const singles = Float32Array.from(halves, half => ({ 0x3c00: 1, 0xc000: -2, 0x3800: 0.5 })[half] ?? 2 ** -24);
    expect(sketchOf('float16', halves)).toEqual(sketchOf('float32', singles));
  });

  it('loses some lanes to infinities, and not the rest', () => {
    const spoilt = weights.slice();
    spoilt[100] = Infinity;
    const similarity = similarityPpm(
      packSketch([sketchOf('float32', weights)]),
      packSketch([sketchOf('float32', spoilt)]),
    );
    expect(similarity).toBeGreaterThan(950_000);
  });

  it('is made of weights only, and of enough of them', () => {
    expect(isSketched(layoutOf('float32', 128))).toBe(true);
    expect(isSketched(layoutOf('float32', 127))).toBe(false);
    expect(isSketched(layoutOf('int64', 1000))).toBe(false);
  });

  it('keeps the largest tensors where there are very many', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ elements: 1000 + index, sums: new Float32Array(64) }));
    expect(packSketch(many).length).toBe(1 + 256 * (4 + 64 * 4));
  });
});
