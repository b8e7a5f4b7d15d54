// A sketch of the weights: for each larger tensor 64 numbers, each a sum of a 64th of the elements with pseudo-random
// signs. It is linear: sketch(a) − sketch(b) = sketch(a − b). So the angle between two sketches estimates the angle
// between the tensors, the better the closer they are, and a common starter model can be taken away afterwards.
//
// Elements 64 apart are subtracted first. Whatever is the same everywhere in a tensor, such as a mean, drops out:
// gammas near one and constant tables would otherwise make all models alike.
import { aligned } from '../words.js';
import type { Layout } from '../layout.js';

export const LANES = 64;
export const MAX_TENSORS = 256;

const PAIR = 2 * LANES;
const PAIRS = 8;
const BLOCK = PAIR * PAIRS;

export interface TensorSketch {
  elements: number;
  sums: Float32Array;
}

/** Eight signs for each byte, as factors: a multiplication is cheaper here than a branch that nobody can predict. */
const SIGNS = Float64Array.from({ length: 256 * PAIRS }, (_, index) => (((index >>> 3) >>> (index & 7)) & 1 ? 1 : -1));

export const isSketched = ({ element, elements }: Layout): boolean => element.weight && elements >= PAIR;

export class Sketcher {
  readonly #sums = new Float64Array(LANES);
  readonly #rest = new Float32Array(BLOCK);
  #held = 0;
  /** The state of a xorshift generator: the same signs for every tensor, on every machine. */
  #random = 0x9e3779b9 | 0;

  constructor(readonly layout: Layout) {}

  update(bytes: Uint8Array): void {
    const values = floatsOf(bytes, this.layout);
    let start = 0;
    if (this.#held > 0) {
      start = Math.min(BLOCK - this.#held, values.length);
      this.#rest.set(values.subarray(0, start), this.#held);
      this.#held += start;
      if (this.#held < BLOCK) return;
      this.#add(this.#rest, 0, BLOCK);
    }
    const end = values.length - ((values.length - start) % BLOCK);
    this.#add(values, start, end);
    this.#rest.set(values.subarray(end));
    this.#held = values.length - end;
  }

  /** The last elements that fill no pair are left out, and lanes that an infinity has swallowed are empty. */
  digest(): TensorSketch {
    this.#rest.fill(0, this.#held - (this.#held % PAIR));
    this.#add(this.#rest, 0, BLOCK);
    return {
      elements: this.layout.elements,
      sums: Float32Array.from(this.#sums, sum => (Number.isFinite(sum) ? sum : 0)),
    };
  }

  #add(values: Float32Array, start: number, end: number): void {
    this.#random = addBlocks(this.#sums, values, start, end, this.#random);
  }
}

const term = (values: Float32Array, at: number, sign: number): number =>
  ((values[at] as number) - (values[at + LANES] as number)) * (SIGNS[sign] as number);

/** The hottest loop of the library: written out, with one sum for eight pairs, it takes a nanosecond for an element. */
function addBlocks(sums: Float64Array, values: Float32Array, start: number, end: number, state: number): number {
  let random = state;
  for (let block = start; block < end; block += BLOCK)
    for (let lane = 0; lane < LANES; lane += 1) {
      if ((lane & 3) === 0) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
      }
      const sign = ((random >>> ((lane & 3) * 8)) & 0xff) * PAIRS;
      const at = block + lane;
      (sums[lane] as number) +=
        term(values, at, sign) +
        term(values, at + PAIR, sign + 1) +
        term(values, at + 2 * PAIR, sign + 2) +
        term(values, at + 3 * PAIR, sign + 3) +
        term(values, at + 4 * PAIR, sign + 4) +
        term(values, at + 5 * PAIR, sign + 5) +
        term(values, at + 6 * PAIR, sign + 6) +
        term(values, at + 7 * PAIR, sign + 7);
    }
  return random;
}

function floatsOf(bytes: Uint8Array, { element }: Layout): Float32Array {
  switch (element.name) {
    case 'float32':
      return new Float32Array(...aligned(bytes, 4));
    case 'float64':
      return Float32Array.from(new Float64Array(...aligned(bytes, 8)));
    case 'bfloat16': {
      const words = new Uint16Array(...aligned(bytes, 2));
      return new Float32Array(Uint32Array.from(words, word => word << 16).buffer);
    }
    case 'float16':
      return Float32Array.from(new Uint16Array(...aligned(bytes, 2)), half);
    case 'int8':
      return Float32Array.from(new Int8Array(...aligned(bytes, 1)));
    case 'int16':
      return Float32Array.from(new Int16Array(...aligned(bytes, 2)));
    case 'uint16':
      return Float32Array.from(new Uint16Array(...aligned(bytes, 2)));
    case 'int32':
      return Float32Array.from(new Int32Array(...aligned(bytes, 4)));
    case 'uint32':
      return Float32Array.from(new Uint32Array(...aligned(bytes, 4)));
    case 'uint64':
      return Float32Array.from(new BigUint64Array(...aligned(bytes, 8)), Number);
    default:
      return Float32Array.from(bytes);
  }
}

function half(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const size =
    exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? Infinity : (fraction + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
