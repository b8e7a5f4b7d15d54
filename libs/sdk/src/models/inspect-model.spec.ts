import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { identity, linearModel, linearTask } from '../fixture/linear-model.js';
import { bytesSource, inspectModel } from '../index.js';

const task = linearTask();
const files = (bytes: Uint8Array) => ({ model: bytesSource(bytes) });

describe('inspectModel', () => {
  it('gives what intake will find', async () => {
    const chunks: Uint8Array[] = [];
    const onBlind = (chunk: Uint8Array) => void chunks.push(chunk.slice());
    const found = await inspectModel(files(linearModel(identity)), task.model, { onBlind });
    expect(found).toMatchObject({ ok: true, reasons: [], report: { parameters: 16 }, starterPpm: null });
    const blind = Buffer.concat(chunks);
    expect(blind.length).toBe(found.canonical?.blindSize);
    const canonical = blind.subarray(0, found.canonical?.size);
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(found.canonical?.sha256);
  });

  it('gives every reason at once', async () => {
    const rules = linearTask({
      operators: ['Gemm'],
      maxParameters: 15,
      outputs: [{ type: 'int64', shape: ['batch'] }],
    }).model;
    const found = await inspectModel(files(linearModel(identity)), rules);
    expect(found.ok).toBe(false);
    expect(found.canonical).toBeNull();
    expect(found.reasons.map(({ code }) => code).sort()).toEqual(['onnx/operator', 'onnx/outputs', 'onnx/parameters']);
  });

  it('tells how much of the starter is left', async () => {
    const rules = linearTask({ outputs: [{ type: 'float32', shape: ['batch', 64] }] }).model;
    const weights = (seed: number) => Array.from({ length: 256 }, (_, index) => Math.sin(seed * (index + 1) ** 2));
    const starter = (await inspectModel(files(linearModel(weights(1))), rules)).canonical?.sketch;
    const likeness = async (seed: number) =>
      (await inspectModel(files(linearModel(weights(seed), { input: 'in' })), rules, { starter })).starterPpm;
    expect(await likeness(1)).toBe(1_000_000);
    expect(await likeness(2)).toBe(0);
  });

  it('holds a fixed architecture against the graph, whatever the weights', async () => {
    const first = await inspectModel(files(linearModel(identity)), task.model);
    const graphHash = first.canonical?.graphHash ?? '';
    const fixed = linearTask({ architecture: { mode: 'fixed', graphHash } }).model;
    const trained = await inspectModel(files(linearModel(identity.map(weight => weight + 0.5))), fixed);
    expect(trained.ok).toBe(true);
    expect(trained.canonical?.sha256).not.toBe(first.canonical?.sha256);

    const other = linearTask({ architecture: { mode: 'fixed', graphHash: 'f'.repeat(64) } }).model;
    const foreign = await inspectModel(files(linearModel(identity)), other);
    expect(foreign).toMatchObject({ ok: false, reasons: [{ code: 'submission/architecture', where: '' }] });
    expect(foreign.canonical).toEqual(first.canonical);
  });
});
