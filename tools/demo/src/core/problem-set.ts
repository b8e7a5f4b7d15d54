// The problem of the demo: points of a Gaussian cloud belong to the class whose direction they lie along most, with a
// little noise. One seed makes one set; all sets follow the same directions, so what is learnt on one holds on another.
import { npz } from './npz.js';

export const FEATURES = 64;
export const CLASSES = 3;

const DIRECTIONS_SEED = 20_260_131;
const NOISE = 0.5;

export interface Points {
  /** Row by row. */
  x: Float32Array;
  y: BigInt64Array;
}

export function problemSet(seed: number, rows: number): Uint8Array {
  const { x, y } = points(seed, rows);
  return npz({ X: { shape: [rows, FEATURES], values: x }, y: { shape: [rows], values: y } });
}

export function points(seed: number, rows: number): Points {
  const directions = normals(DIRECTIONS_SEED);
  const weights = Float32Array.from({ length: FEATURES * CLASSES }, directions);
  const draw = normals(seed);
  const x = Float32Array.from({ length: rows * FEATURES }, draw);
  const y = BigInt64Array.from({ length: rows }, (_, row) => {
    const scores = Array.from({ length: CLASSES }, (_, label) => {
      let score = NOISE * draw();
      for (let i = 0; i < FEATURES; i++) score += (x[row * FEATURES + i] ?? 0) * (weights[label * FEATURES + i] ?? 0);
      return score;
    });
    return BigInt(scores.indexOf(Math.max(...scores)));
  });
  return { x, y };
}

/** Normally distributed numbers, always the same ones for a seed (mulberry32 and Box-Muller). */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 4_294_967_297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
