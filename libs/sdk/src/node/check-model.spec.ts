// Without a server: a spec and data that lie on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { identity, linearModel, linearTask, trainingSet, weightFile } from '../fixture/linear-model.js';
import { checkModel, type CheckProgress } from './index.js';
import { loadRuntime } from './score-locally.js';

vi.setConfig({ testTimeout: 30_000 });

const root = mkdtempSync(join(tmpdir(), 'arena-check-spec-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(root, 'case-'))));
function put(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const task = linearTask();

describe('checkModel', () => {
  it('inspects a file without asking anybody', async () => {
    const found = await checkModel(put('m.onnx', linearModel(identity)), task);
    expect(found).toMatchObject({ ok: true, reasons: [], score: null, canonical: { blindSize: 65_536 } });
  });

  it('scores on a file, and tells what it does', async () => {
    const seen: CheckProgress[] = [];
    const data = put('train.safetensors', trainingSet());
    const onProgress = (progress: CheckProgress) => seen.push(progress);
    const found = await checkModel(put('m.onnx', linearModel(identity)), task, { data, onProgress });
    expect(found.score).toMatchObject({ outcome: 'scored', score: { primary: '0.9' } });
    expect([...new Set(seen.map(({ doing }) => doing))]).toEqual(['inspecting', 'scoring']);
    expect(seen.at(-1)).toEqual({ doing: 'scoring', done: 200, total: 200 });
  });

  it('does not run what the arena would not', async () => {
    const data = put('train.safetensors', trainingSet());
    const found = await checkModel(put('m.onnx', linearModel(identity, { operator: 'Gemm' })), task, { data });
    expect(found).toMatchObject({ ok: false, reasons: [{ code: 'onnx/operator' }], score: null });
  });

  it.each([
    ['client/data', 'train.csv', trainingSet()],
    ['data/not-npz', 'train.npz', trainingSet()],
  ])('says %s of data that cannot be scored on', async (code, name, bytes) => {
    const check = checkModel(put('m.onnx', linearModel(identity)), task, { data: put(name, bytes) });
    await expect(check).rejects.toMatchObject({ name: 'ArenaError', code });
  });

  it('needs a client for what is elsewhere', async () => {
    const model = put('m.onnx', linearModel(identity));
    await expect(checkModel(model, 7)).rejects.toMatchObject({ code: 'client/offline' });
    await expect(checkModel(model, task, { data: 0 })).rejects.toMatchObject({ detail: '0 of 0' });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(checkModel(put('m.onnx', linearModel(identity)), task, { signal })).rejects.toThrow('enough');
  });
});

describe('weights in another file', () => {
  const inline = linearModel(identity);
  const outside = linearModel(identity, { external: 'weights.bin' });

  it('are found beside the model by the name that it gives', async () => {
    put('m.onnx.data', weightFile(identity.map(() => 7)));
    put('weights.bin', weightFile(identity));
    const found = await checkModel(put('m.onnx', outside), task);
    const same = await checkModel(put('inline.onnx', inline), task);
    expect(found.reasons).toEqual([]);
    expect(found.canonical).toEqual(same.canonical);
  });

  it('may be passed, under the same name', async () => {
    writeFileSync(join(root, 'weights.bin'), weightFile(identity));
    const found = await checkModel(put('m.onnx', outside), task, { external: join(root, 'weights.bin') });
    expect(found.ok).toBe(true);
  });

  it.each([
    ['there is no such file', undefined, 'the file "weights.bin" did not come with the model'],
    ['it is too short', weightFile(identity).subarray(4), 'it ends at 64, behind the end of the file'],
  ])('are missed where %s', async (_, bytes, detail) => {
    if (bytes) put('weights.bin', bytes);
    const found = await checkModel(put('m.onnx', outside), task);
    expect(found).toMatchObject({ ok: false, reasons: [{ code: 'onnx/external-data', detail }] });
  });
});

it('without ONNX Runtime only the score is missing, and the error says so', async () => {
  const absent = () => Promise.reject(new Error('Cannot find package'));
  await expect(loadRuntime(absent)).rejects.toMatchObject({ code: 'client/no-runtime', cause: expect.any(Error) });
  await expect(loadRuntime()).resolves.toHaveProperty('scoreModel');
});
