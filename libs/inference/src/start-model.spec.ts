// Real models in real processes.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Tensor } from '@arena/scoring';
import { modelFolder } from './fixture/files.js';
import * as models from './fixture/models.js';
import { startModel, type ModelOptions, type RunningModel } from './index.js';

vi.setConfig({ testTimeout: 30_000 });

const folder = modelFolder();
afterAll(() => folder.remove());

const batch = (data: Float32Array): Tensor => ({ type: 'float32', shape: [data.length / 4, 4], data });
const rows = (...values: number[]) => batch(Float32Array.from(values));
const indices = (...values: bigint[]): Tensor => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values),
});

const usual = { timeoutMs: 20_000, outputBytesMax: 1_000_000 };

async function withModel<T>(
  bytes: Uint8Array,
  use: (model: RunningModel) => Promise<T>,
  options: Partial<ModelOptions> = {},
): Promise<T> {
  const path = folder.put(`${Math.random()}.onnx`, bytes);
  const model = await startModel({ ...usual, model: path, ...options });
  return use(model).finally(() => model.close());
}

const running = (pid: number) =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
async function untilGone(pid: number): Promise<void> {
  while (running(pid)) await after(20);
}
/** Writes the number of the process to a file on its way. */
const noted = (file: string) => (line: readonly string[]) => [
  '/bin/sh',
  '-c',
  'echo $$ > "$0" && exec "$@"',
  file,
  ...line,
];
async function pidIn(file: string): Promise<number> {
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await after(10);
  return Number(readFileSync(file, 'utf8'));
}

describe('a model', () => {
  it('tells its inputs and outputs, and computes', () =>
    withModel(models.linear([[1], [2], [3], [4]], [0.5]), async model => {
      expect(model.inputs).toEqual([{ name: 'x', type: 'float32', shape: [null, 4] }]);
      expect(model.outputs).toEqual([{ name: 'y', type: 'float32', shape: [null, 1] }]);
      expect(await model.run([rows(1, 1, 1, 1, 0, 0, 0, 1)])).toEqual([
        { type: 'float32', shape: [2, 1], data: Float32Array.of(10.5, 4.5) },
      ]);
    }));

  it('gives several outputs of several types in its own order', () =>
    withModel(models.halved(), async model => {
      const [half, whole] = await model.run([rows(1, -2, 0, 65504)]);
      expect(half).toEqual({ type: 'float16', shape: [1, 4], data: Uint16Array.of(0x3c00, 0xc000, 0, 0x7bff) });
      expect(whole?.data).toEqual(Float32Array.of(1, -2, 0, 65504));
    }));

  it('answers in order when it is asked ahead, batches of any size', () =>
    withModel(models.same(), async model => {
      const asked = [1, 60_000, 0, 7].map(count =>
        batch(Float32Array.from({ length: 4 * count }, (_, index) => index % 97)),
      );
      const answers = await Promise.all(asked.map(each => model.run([each])));
      expect(answers).toEqual(asked.map(each => [each]));
    }));

  it('passes NaN through: the metric decides', () =>
    withModel(models.notANumber(), async model => {
      const [output] = await model.run([rows(1, 2, 3, 4)]);
      expect([...(output?.data ?? [])]).toEqual([NaN, NaN, NaN, NaN]);
    }));

  it('is given as many inputs as it takes, or none is sent', () =>
    withModel(models.same(), async model => {
      await expect(model.run([])).rejects.toThrow('0 inputs, the model takes 1');
      expect(await model.run([rows(1, 2, 3, 4)])).toHaveLength(1);
    }));
});

describe('a model that cannot be run', () => {
  it.each([
    ['unsupported-op', 'an unknown operator', models.unknownOperator(), /Frobnicate/],
    ['unsupported-op', 'an operator that has no kernel for its type', models.unknownKernel(), /Relu\(14\)/],
    ['bad-output', 'an output of strings', models.strings(), /^y /],
    ['crash', 'bytes that are no model', Uint8Array.of(1, 2, 3), /^Load model from \(path\) failed/],
  ])('%s: %s', async (kind, _, bytes, excerpt) => {
    const failed = withModel(bytes, model => model.run([rows(1, 2, 3, 4)]));
    await expect(failed).rejects.toMatchObject({ name: 'ModelFailure', kind, excerpt: expect.stringMatching(excerpt) });
  });

  it('oom: more than there is at once', async () => {
    const failed = withModel(models.filling(2 ** 42), model => model.run([rows(1, 2, 3, 4)]));
    await expect(failed).rejects.toMatchObject({ kind: 'oom' });
  });

  it('oom: more than it may take, and less is well', async () => {
    const limits = { memoryBytes: 256 * 2 ** 20 };
    const failed = withModel(models.filling(2 ** 30), model => model.run([rows(1, 2, 3, 4)]), limits);
    await expect(failed).rejects.toMatchObject({ kind: 'oom' });
    const [output] = await withModel(models.filling(2 ** 27), model => model.run([rows(1, 2, 3, 4)]), limits);
    expect(output?.data).toEqual(Float32Array.of(11, 12, 13, 14));
  });

  it('bad-output: more bytes than are taken', async () => {
    const failed = withModel(models.widening(2 ** 21), model => model.run([rows(1, 2, 3, 4)]));
    await expect(failed).rejects.toMatchObject({ kind: 'bad-output' });
  });

  it('crash: its data lead it astray, and the words about it tell nothing of them', async () => {
    const failed = withModel(models.outOfBounds(), model => model.run([indices(0n, 123_456n)]));
    await expect(failed).rejects.toMatchObject({ kind: 'crash', excerpt: expect.stringContaining('idx=#') });
  });

  it('timeout: it runs for ever, and nothing of it is left', async () => {
    const pid = folder.path('for-ever.pid');
    const failed = withModel(models.forEver(), model => model.run([rows(1, 2, 3, 4)]), {
      timeoutMs: 1_500,
      command: noted(pid),
    });
    await expect(failed).rejects.toMatchObject({ kind: 'timeout' });
    expect(running(await pidIn(pid))).toBe(false);
  });

  it('crash: somebody kills it while it runs, and every answer that was waited for says so', async () => {
    const file = folder.path('killed.pid');
    const failed = withModel(
      models.forEver(),
      async model => {
        const answers = [model.run([rows(1, 2, 3, 4)]), model.run([rows(1, 2, 3, 4)])];
        process.kill(await pidIn(file), 'SIGKILL');
        const ends = await Promise.allSettled(answers);
        expect(ends).toMatchObject(Array(2).fill({ status: 'rejected', reason: { kind: 'crash' } }));
        return model.run([rows(1, 2, 3, 4)]);
      },
      { command: noted(file) },
    );
    await expect(failed).rejects.toMatchObject({ kind: 'crash', excerpt: 'ended by SIGKILL' });
  });
});

describe('a process that is not what it should be', () => {
  const instead = (script: string) => () => ['/bin/sh', '-c', script];
  it.each([
    ['protocol', 'garbage', 'echo "not a frame, but long enough to be read as one"; sleep 20'],
    ['protocol', 'words that nobody knows', `printf '\\1\\0\\0\\0\\2\\0\\0\\0{}'; sleep 20`],
    ['protocol', 'tensors before it has a model', `printf '\\2\\0\\0\\0\\0\\0\\0\\0'; sleep 20`],
    ['bad-output', 'a tensor of 16 GB', `printf '\\2\\0\\0\\0\\6\\0\\0\\0\\0\\1\\377\\377\\377\\377'; sleep 20`],
    ['timeout', 'nothing', 'sleep 20'],
    ['crash', 'its last words', 'echo gone >&2; exit 3'],
    ['oom', 'that it had no memory', 'echo std::bad_alloc >&2; kill -ABRT $$'],
    ['crash', 'too much on the side', 'head -c 10000000 /dev/zero >&2; exit 1'],
  ])('%s: it says %s', async (kind, _, script) => {
    const started = startModel({ ...usual, model: '/m', timeoutMs: 2_000, command: instead(script) });
    await expect(started).rejects.toMatchObject({ kind });
  });

  it('protocol: it says more than it is asked', async () => {
    const ready = '{"ready":{"inputs":[],"outputs":[]}}';
    const script = `printf '\\1\\0\\0\\0\\${ready.length.toString(8)}\\0\\0\\0${ready}more'; sleep 20`;
    const model = await startModel({ ...usual, model: '/m', command: instead(script) });
    await expect(model.run([])).rejects.toMatchObject({ kind: 'protocol' });
    await model.close();
  });

  it('crash: there is no such program', async () => {
    const started = startModel({ ...usual, model: '/m', command: () => ['/no/such/program'] });
    await expect(started).rejects.toMatchObject({ kind: 'crash', excerpt: expect.stringMatching(/ENOENT/) });
  });
});

describe('the end', () => {
  it('comes with an abort, whose reason is what is told', async () => {
    const stop = new AbortController();
    const pid = folder.path('aborted.pid');
    const failed = withModel(
      models.forEver(),
      model => {
        setTimeout(() => stop.abort(new Error('enough')), 100);
        return model.run([rows(1, 2, 3, 4)]);
      },
      { signal: stop.signal, command: noted(pid) },
    );
    await expect(failed).rejects.toThrow('enough');
    expect(running(await pidIn(pid))).toBe(false);
  });

  it('leaves nothing behind, whatever the model was at', async () => {
    const file = folder.path('closed.pid');
    const path = folder.put('closed.onnx', models.forEver());
    const model = await startModel({ ...usual, model: path, command: noted(file) });
    const answer = model.run([rows(1, 2, 3, 4)]);
    await Promise.all([expect(answer).rejects.toMatchObject({ excerpt: 'it was closed' }), model.close()]);
    expect(running(await pidIn(file))).toBe(false);
  });

  it('comes when the parent is killed', async () => {
    const file = folder.path('orphan.pid');
    const path = folder.put('orphan.onnx', models.forEver());
    const main = fileURLToPath(new URL('./fixture/parent-main.ts', import.meta.url));
    const options = ['--conditions=@arena/source', '--import', 'tsx', main, path, file];
    const parent = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(parent, 'exit');
    await untilGone(await pidIn(file));
  });

  it('comes before the start when the signal was aborted', async () => {
    const signal = AbortSignal.abort(new Error('never'));
    await expect(startModel({ ...usual, model: '/m', signal })).rejects.toThrow('never');
  });
});

it('gives the process nothing of our environment', async () => {
  const file = folder.path('environment');
  const command = () => ['/bin/sh', '-c', 'tr "\\0" "\\n" < /proc/$$/environ > "$0"; exit 1', file];
  await expect(startModel({ ...usual, model: '/m', command })).rejects.toMatchObject({ kind: 'crash' });
  expect(readFileSync(file, 'utf8')).toBe('');
});
