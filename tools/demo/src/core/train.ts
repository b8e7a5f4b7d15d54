// What a trainer of the demo does at home: softmax regression by plain gradient descent.
import { CLASSES, FEATURES, type Points } from './problem-set.js';

/** By feature, then by class. */
export interface Weights {
  weights: Float32Array;
  bias: Float32Array;
}

const ROUNDS = 60;
const RATE = 0.5;

export function train({ x, y }: Points): Weights {
  const weights = new Float32Array(FEATURES * CLASSES);
  const bias = new Float32Array(CLASSES);
  const pace = RATE / y.length;
  for (let round = 0; round < ROUNDS; round++) {
    const [slope, shift] = slopes({ x, y }, { weights, bias });
    slope.forEach((by, i) => (weights[i] = (weights[i] ?? 0) - pace * by));
    shift.forEach((by, i) => (bias[i] = (bias[i] ?? 0) - pace * by));
  }
  return { weights, bias };
}

function slopes({ x, y }: Points, { weights, bias }: Weights): [Float64Array, Float64Array] {
  const slope = new Float64Array(weights.length);
  const shift = new Float64Array(CLASSES);
  const scores = new Float64Array(CLASSES);
  for (let row = 0; row < y.length; row++) {
    scores.set(bias);
    for (let i = 0; i < FEATURES; i++) {
      const value = x[row * FEATURES + i] ?? 0;
      for (let c = 0; c < CLASSES; c++) scores[c] = (scores[c] ?? 0) + value * (weights[i * CLASSES + c] ?? 0);
    }
    const top = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
    for (let c = 0; c < CLASSES; c++) {
      const error = Math.exp((scores[c] ?? 0) - top) / total - (Number(y[row]) === c ? 1 : 0);
      shift[c] = (shift[c] ?? 0) + error;
      for (let i = 0; i < FEATURES; i++) {
        const at = i * CLASSES + c;
        slope[at] = (slope[at] ?? 0) + error * (x[row * FEATURES + i] ?? 0);
      }
    }
  }
  return [slope, shift];
}
