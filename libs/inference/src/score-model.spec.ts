import { afterAll, describe, expect, it, vi } from 'vitest';
import { bytesSource, openDataset, type ScoringSpec } from '@arena/scoring';
import { modelFolder, safetensors } from './fixture/files.js';
import * as models from './fixture/models.js';
import { scoreModel, type ScoreOptions } from './index.js';

vi.setConfig({ testTimeout: 30_000 });

const folder = modelFolder();
afterAll(() => folder.remove());

const ROWS = 1_000;
const features = Float32Array.from({ length: ROWS * 4 }, (_, index) => Math.sin(index * index));
/** The class of a row is its largest feature, but every tenth row lies. */
const classes = BigInt64Array.from({ length: ROWS }, (_, row) => {
  const values = [...features.subarray(4 * row, 4 * row + 4)];
  return BigInt((values.indexOf(Math.max(...values)) + (row % 10 === 0 ? 1 : 0)) % 4);
});
const file = safetensors({
  X: { dtype: 'F32', shape: [ROWS, 4], data: features },
  y: { dtype: 'I64', shape: [ROWS], data: classes },
});

const spec: ScoringSpec = {
  kind: 'classification',
  scoring: { metric: 'accuracy', direction: 'max', grid: '0.000001', tolerance: '0.0001' },
  model: {
    inputs: [{ type: 'float32', shape: ['batch', 4] }],
    outputs: [{ type: 'float32', shape: ['batch', 4] }],
    architecture: { mode: 'free' },
  },
};
const limits = { batchSize: 64, timeoutSeconds: 20, memoryBytes: 256 * 2 ** 20 };

async function score(bytes: Uint8Array, more: Partial<ScoreOptions> = {}) {
  const dataset = await openDataset(bytesSource(file), 'safetensors', 'classification');
  return scoreModel({ model: folder.put(`${Math.random()}.onnx`, bytes), dataset, spec, limits, ...more });
}

describe('scoreModel', () => {
  it('gives the score of all rows, and tells how far it is', async () => {
    const seen: number[] = [];
    const result = await score(models.same(), { onProgress: ({ rows }) => seen.push(rows) });
    expect(result).toMatchObject({ outcome: 'scored', score: { primary: '0.9' } });
    expect(seen).toEqual([...Array.from({ length: 15 }, (_, batch) => 64 * (batch + 1)), ROWS]);
  });

  it('gives the same for every batch size', async () => {
    const all = [1_000, 999, 7].map(batchSize => score(models.same(), { limits: { ...limits, batchSize } }));
    const [first, ...others] = await Promise.all(all);
    for (const other of others) expect(other).toEqual(first);
  });

  it('disqualifies for NaN, and stops there', async () => {
    const seen: number[] = [];
    const result = await score(models.notANumber(), { onProgress: ({ rows }) => seen.push(rows) });
    expect(result).toMatchObject({ outcome: 'disqualified', rule: 'not-finite' });
    expect(seen).toEqual([64]);
  });

  it('disqualifies for outputs of another shape', async () => {
    const result = await score(models.widening(64));
    expect(result).toMatchObject({ outcome: 'disqualified', rule: 'wrong-shape' });
  });

  it.each([
    ['timeout', models.forEver(), { ...limits, timeoutSeconds: 1 }],
    ['oom', models.filling(2 ** 30), limits],
    ['unsupported-op', models.unknownOperator(), limits],
    ['bad-input', models.linear([[1]], [1]), limits],
    ['bad-input', models.outOfBounds(), limits],
  ])('gives a failure as an outcome: %s', async (kind, bytes, tight) => {
    expect(await score(bytes, { limits: tight })).toMatchObject({ outcome: 'failed', failure: { kind } });
  });

  it('says what the inputs are and what they should be', async () => {
    const result = await score(models.outOfBounds());
    const excerpt = 'input 0 takes int64 [?], the data have float32 [?, 4]';
    expect(result).toMatchObject({ failure: { kind: 'bad-input', excerpt } });
  });

  it('throws what is not the model’s doing: data that cannot be read, an abort', async () => {
    const broken = { ...bytesSource(file), read: () => Promise.reject(new Error('disk')) };
    await expect(openDataset(broken, 'safetensors', 'classification')).rejects.toThrow('disk');
    const signal = AbortSignal.timeout(400);
    await expect(score(models.forEver(), { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
