// Looks for NaN among the weights. One makes every output NaN sooner or later, which would only be found by a run.
// Infinity is let pass: exported attention masks are full of it.
import { elementsOf } from '../data.js';
import type { Layout } from '../layout.js';
import type { ModelFiles } from '../source.js';
import { aligned } from '../words.js';

/** Reads the whole tensor, and so proves as well that its typed data can be read: returns the bytes it had. */
export async function readWeights(files: ModelFiles, layout: Layout): Promise<{ bytes: number; hasNan: boolean }> {
  let bytes = 0;
  let hasNan = false;
  for await (const chunk of elementsOf(files, layout)) {
    bytes += chunk.length;
    hasNan ||= nanIn(chunk, layout);
  }
  return { bytes, hasNan };
}

function nanIn(chunk: Uint8Array, { element }: Layout): boolean {
  switch (element.name) {
    case 'float32':
      return nanAmong(new Float32Array(...aligned(chunk, 4)));
    case 'float64':
      return nanAmong(new Float64Array(...aligned(chunk, 8)));
    case 'float16':
      return new Uint16Array(...aligned(chunk, 2)).some(bits => (bits & 0x7fff) > 0x7c00);
    case 'bfloat16':
      return new Uint16Array(...aligned(chunk, 2)).some(bits => (bits & 0x7fff) > 0x7f80);
    default:
      return false;
  }
}

/** Only what sums up to no number is looked at more closely: a sum is several times faster than a search. */
const nanAmong = (values: Float32Array | Float64Array): boolean =>
  !Number.isFinite(sumOf(values)) && values.some(Number.isNaN);

function sumOf(values: Float32Array | Float64Array): number {
  const end = values.length - (values.length % 8);
  // Four sums, because each addition would wait for the one before it.
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < end; at += 8) {
    a += (values[at] as number) + (values[at + 1] as number);
    b += (values[at + 2] as number) + (values[at + 3] as number);
    c += (values[at + 4] as number) + (values[at + 5] as number);
    d += (values[at + 6] as number) + (values[at + 7] as number);
  }
  for (let at = end; at < values.length; at += 1) a += values[at] as number;
  return a + b + c + d;
}
