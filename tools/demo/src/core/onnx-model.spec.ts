import { bytesSource, inspect } from '@arena/onnx';
import { expect, it } from 'vitest';
import { onnxModel } from './onnx-model.js';
import { CLASSES, FEATURES, points } from './problem-set.js';
import { train, type Weights } from './train.js';

const rules = {
  opset: { min: 13, max: 21 },
  operators: ['Gemm'],
  maxBytes: 1e6,
  maxParameters: 1_000,
  maxStaticTensorBytes: 1e6,
  maxNodes: 10,
  maxSubgraphDepth: 0,
  inputs: [{ type: 'float32' as const, shape: ['batch' as const, FEATURES] }],
  outputs: [{ type: 'float32' as const, shape: ['batch' as const, CLASSES] }],
};

function accuracy({ weights, bias }: Weights, seed: number): number {
  const { x, y } = points(seed, 500);
  const guesses = Array.from(y, (_, row) => {
    const scores = Array.from(bias, (shift, c) => {
      let score = shift;
      for (let i = 0; i < FEATURES; i++) score += (x[row * FEATURES + i] ?? 0) * (weights[i * CLASSES + c] ?? 0);
      return score;
    });
    return BigInt(scores.indexOf(Math.max(...scores)));
  });
  return guesses.filter((guess, row) => guess === y[row]).length / y.length;
}

it('learns the more, the more points it sees', () => {
  const [few, many] = [train(points(1, 60)), train(points(1, 2_000))];
  expect(accuracy(few, 7)).toBeGreaterThan(0.5);
  expect(accuracy(many, 7)).toBeGreaterThan(accuracy(few, 7) + 0.05);
});

it('writes a model that the task takes', async () => {
  const habit = { producer: 'my-own-tool 0.3', names: ['points', 'W', 'b', 'scores'] as const };
  const model = bytesSource(onnxModel(train(points(2, 100)), habit));
  const { ok, reasons, report } = await inspect({ model }, rules);
  expect(reasons).toEqual([]);
  expect([ok, report?.parameters]).toEqual([true, FEATURES * CLASSES + CLASSES]);
});
