// Against the built task-service: what a trainer checks is what the service names.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sha256, type DatasetRef } from '@arena/contracts';
import { identity, linearModel, linearTask, trainingSet } from '../fixture/linear-model.js';
import { startTaskService, type TaskService } from '../fixture/task-service.js';
import { bytesSource, uploadDataset } from '../index.js';
import { checkModel, type CheckProgress } from './index.js';

const starterWeights = Array.from({ length: 256 }, (_, index) => Math.sin(index ** 2));

let service: TaskService;
let folder: string;
let task: number;

beforeAll(async () => {
  service = await startTaskService();
  folder = await mkdtemp(join(tmpdir(), 'arena-check-'));
  const training = await upload('training', 'train.safetensors', trainingSet());
  const starter = await upload('starter', 'starter.onnx', linearModel(starterWeights));
  const spec = linearTask(
    { starter, outputs: [{ type: 'float32', shape: ['batch', 'any'] }] },
    { training: [training] },
  );
  ({ task } = await service.admin.call('tasks.create', { body: { spec } }));
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

async function upload(purpose: 'training' | 'starter', filename: string, bytes: Uint8Array): Promise<DatasetRef> {
  const { dataset } = await service.admin.call('datasets.create', { body: { name: filename, purpose } });
  const format = filename.endsWith('.onnx') ? 'onnx' : 'safetensors';
  const ready = await uploadDataset(service.admin, { dataset, source: bytesSource(bytes), filename, format });
  if (!ready.sha256) throw new Error(`the ${purpose} set ended ${ready.state}`);
  return { dataset, version: ready.version, sha256: ready.sha256 };
}

describe('checkModel', () => {
  it('takes spec, starter and training data from the arena', async () => {
    const path = join(folder, 'mine.onnx');
    await writeFile(path, linearModel(identity));
    const seen: CheckProgress[] = [];
    const onProgress = (progress: CheckProgress) => seen.push(progress);
    const found = await checkModel(path, task, { client: service.admin, data: 0, onProgress });
    expect(found).toMatchObject({ ok: true, starterPpm: 0, score: { outcome: 'scored', score: { primary: '0.9' } } });
    expect([...new Set(seen.map(({ doing }) => doing))]).toEqual(['downloading', 'inspecting', 'scoring']);
  });

  it('tells a model that is still the starter', async () => {
    const path = join(folder, 'starter.onnx');
    await writeFile(path, linearModel(starterWeights, { input: 'another_name' }));
    expect(await checkModel(path, task, { client: service.admin })).toMatchObject({ starterPpm: 1_000_000 });
  });

  it('takes no other bytes than the spec names', async () => {
    const path = join(folder, 'mine.onnx');
    const spec = linearTask({}, { training: [{ ...(await upload('training', 'b.safetensors', trainingSet())), sha256: Sha256.parse('a'.repeat(64)) }] }); // prettier-ignore
    const check = checkModel(path, spec, { client: service.admin, data: 0 });
    await expect(check).rejects.toMatchObject({ code: 'client/download' });
  });
});
