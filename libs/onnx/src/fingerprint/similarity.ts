// How much of one model's weights is another's, in parts per million of the smaller one. README says what it finds,
// what it does not, and how often it errs.
import { LANES, MAX_TENSORS, type TensorSketch } from './sketch.js';

const VERSION = 1;
const ROW_BYTES = 4 + 4 * LANES;

/** Between tensors that have nothing in common a sketch of 64 numbers shows up to this much by chance. */
const CHANCE = 0.6;
/** A tensor that differs from the starter by less than this share was not trained. */
const UNTRAINED = 1e-4;

export function packSketch(tensors: readonly TensorSketch[]): Uint8Array {
  const largest = new Set([...tensors].sort((a, b) => b.elements - a.elements).slice(0, MAX_TENSORS));
  const kept = tensors.filter(tensor => largest.has(tensor));
  const view = new DataView(new ArrayBuffer(1 + kept.length * ROW_BYTES));
  view.setUint8(0, VERSION);
  kept.forEach(({ elements, sums }, row) => {
    const at = 1 + row * ROW_BYTES;
    view.setUint32(at, elements, true);
    sums.forEach((sum, lane) => view.setFloat32(at + 4 + 4 * lane, sum, true));
  });
  return new Uint8Array(view.buffer);
}

function unpack(sketch: Uint8Array): TensorSketch[] {
  const view = new DataView(sketch.buffer, sketch.byteOffset, sketch.byteLength);
  if (sketch.length < 1 || view.getUint8(0) !== VERSION || (sketch.length - 1) % ROW_BYTES !== 0)
    throw new RangeError('these bytes are no sketch of this version');
  return Array.from({ length: (sketch.length - 1) / ROW_BYTES }, (_, row) => {
    const at = 1 + row * ROW_BYTES;
    return {
      elements: view.getUint32(at, true),
      sums: Float32Array.from({ length: LANES }, (_unused, lane) => view.getFloat32(at + 4 + 4 * lane, true)),
    };
  });
}

/** Of two sketches, and with the starter that both may have begun from: only what was trained since is compared. */
export const similarityPpm = (a: Uint8Array, b: Uint8Array, starter?: Uint8Array): number =>
  similarityTo(a, starter)(b);

/** The same for one sketch and many others: 256 tensors of one size, the most there can be, take 10 ms for each. */
export function similarityTo(own: Uint8Array, starter?: Uint8Array): (other: Uint8Array) => number {
  const base = starter ? unpack(starter) : [];
  const left = since(base, unpack(own));
  return other => {
    const right = since(base, unpack(other));
    const size = Math.min(weightOf(left), weightOf(right));
    if (size === 0) return 0;
    const shared = matches(left, right).reduce((sum, { elements, likeness }) => sum + elements * likeness, 0);
    return Math.floor(1_000_000 * Math.min(shared / size, 1));
  };
}

const weightOf = (tensors: readonly TensorSketch[]): number => tensors.reduce((sum, { elements }) => sum + elements, 0);

interface Match {
  a: number;
  b: number;
  elements: number;
  likeness: number;
}

/**
 * The best pairs first, each tensor in one pair: so neither order nor added tensors hide a copy. What is alike by
 * chance alone is no pair: it could not take a tensor away from a better one, because those come first.
 */
function matches(left: readonly TensorSketch[], right: readonly TensorSketch[]): Match[] {
  const lengths = right.map(({ sums }) => dot(sums, sums));
  const pairs: Match[] = [];
  left.forEach(({ elements, sums }, a) => {
    const length = dot(sums, sums);
    right.forEach((other, b) => {
      if (elements !== other.elements) return;
      const likeness = Math.abs(cosine(dot(sums, other.sums), length, lengths[b] as number));
      if (likeness > CHANCE) pairs.push({ a, b, elements, likeness });
    });
  });
  pairs.sort((one, other) => other.likeness - one.likeness || one.a - other.a || one.b - other.b);
  const usedLeft = new Set<number>();
  const usedRight = new Set<number>();
  return pairs.filter(({ a, b }) => {
    if (usedLeft.has(a) || usedRight.has(b)) return false;
    usedLeft.add(a);
    usedRight.add(b);
    return true;
  });
}

function since(base: readonly TensorSketch[], tensors: readonly TensorSketch[]): readonly TensorSketch[] {
  if (base.length === 0) return tensors;
  const origins = new Map(matches(tensors, base).map(({ a, b }) => [tensors[a], base[b]]));
  return tensors.flatMap(tensor => {
    const origin = origins.get(tensor);
    if (!origin) return [tensor];
    const sums = tensor.sums.map((sum, lane) => sum - (origin.sums[lane] ?? 0));
    return dot(sums, sums) > UNTRAINED ** 2 * dot(tensor.sums, tensor.sums) ? [{ ...tensor, sums }] : [];
  });
}

/** Written out: it is called for every pair of tensors of every pair of models. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let lane = 0; lane < LANES; lane += 1) sum += (a[lane] as number) * (b[lane] as number);
  return sum;
}

function cosine(product: number, lengthA: number, lengthB: number): number {
  const lengths = Math.sqrt(lengthA * lengthB);
  return lengths > 0 && Number.isFinite(lengths) ? product / lengths : 0;
}
