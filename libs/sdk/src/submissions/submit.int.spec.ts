// Against the built services: whatever breaks between a trainer's disk and the verdict.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@arena/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startArena, type TestArena } from '../fixture/arena.js';
import { linearModel, weightFile } from '../fixture/linear-model.js';
import { routedFetch } from '../fixture/routed-fetch.js';
import type { StoreFront } from '../fixture/store-front.js';
import { bytesSource, commitModel, createClient, downloadOriginal, modelCommitment, submitModel, type SubmitOptions, type SubmitProgress } from '../index.js'; // prettier-ignore
import { submitModelFile } from '../node/index.js';

const PART = 5 * 1024 * 1024;
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const main = fileURLToPath(new URL('../fixture/submit-main.ts', import.meta.url));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let arena: TestArena;
let folder: string;
let made = 0;
beforeAll(async () => {
  arena = await startArena();
  folder = await mkdtemp(join(tmpdir(), 'arena-submit-'));
});
beforeEach(() => arena.front.reset());
afterAll(async () => {
  await arena.stop();
  await rm(folder, { recursive: true });
});

/** No model, and soon found out: here it is the way that counts. */
const junk = (parts: number) => new Uint8Array(randomBytes((parts - 1) * PART + 11));

function options(bytes: Uint8Array, more: Partial<SubmitOptions> = {}): SubmitOptions {
  const { task } = arena;
  return { task, source: bytesSource(bytes), filename: `m${++made}.onnx`, partSize: PART, concurrency: 2, ...more };
}

/** The submission that an upload began before it broke off, when so many parts had landed. */
async function breakOff(wanted: SubmitOptions, parts: number): Promise<string> {
  const stop = new AbortController();
  let submission = '';
  arena.front.reset(nth => (nth >= parts ? 'silence' : undefined));
  const onProgress = (progress: SubmitProgress) => void (submission = progress.submission ?? '');
  const broken = submitModel(arena.trainer, { ...wanted, concurrency: 1, signal: stop.signal, onProgress });
  const refused = expect(broken).rejects.toThrow('killed');
  await waitFor(() => Promise.resolve(arena.front.puts.length > parts), { what: 'the parts to land' });
  stop.abort(new Error('killed'));
  await refused;
  arena.front.reset();
  return submission;
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('submitModel', () => {
  it('hands a small model over in one call, and gives the verdict', async () => {
    const model = linearModel(Array.from({ length: 16 }, (_, i) => Math.sin(i)));
    const seen: string[] = [];
    const onProgress = ({ doing }: SubmitProgress) => void (seen.at(-1) === doing || seen.push(doing));
    const judged = await submitModel(arena.trainer, options(model, { onProgress }));
    expect(judged).toMatchObject({ state: 'accepted', reasons: [], files: [{ sha256: sha256(model) }] });
    expect(seen).toEqual(['reading', 'sending', 'inspecting', 'done']);
    expect(arena.front.puts).toEqual([]);
  });

  it('sends what is larger in parts, says how far it is, and gives every reason of a rejection', async () => {
    const model = junk(4);
    const seen: SubmitProgress[] = [];
    const judged = await submitModel(arena.trainer, options(model, { onProgress: at => void seen.push(at) }));
    expect(judged).toMatchObject({ state: 'rejected', files: [{ size: model.length, sha256: sha256(model) }] });
    expect(judged.reasons.length).toBeGreaterThan(0);
    expect(judged.reasons[0]).toMatchObject({ code: expect.stringMatching(/^onnx\//), detail: expect.any(String) });
    expect(sorted(arena.front.taken)).toEqual([1, 2, 3, 4]);
    expect(seen[0]).toMatchObject({ doing: 'reading', submission: undefined, sent: 0, total: model.length });
    expect(seen.at(-1)).toMatchObject({ doing: 'done', submission: judged.submission, sent: model.length });
    expect(seen.map(({ sent }) => sent)).toEqual(sorted(seen.map(({ sent }) => sent)));
  });

  it('opens the commitment that was registered before', async () => {
    const wanted = options(linearModel(Array.from({ length: 16 }, (_, i) => Math.cos(i))));
    const kept = await commitModel(arena.trainer, wanted);
    expect(kept).toMatchObject({ wallet: arena.account, commitment: modelCommitment(kept) });
    const judged = await submitModel(arena.trainer, { ...wanted, salt: kept.salt });
    expect(judged).toMatchObject({ state: 'accepted', commitment: { commitment: kept.commitment } });
    await expect(submitModel(arena.trainer, { ...wanted, salt: kept.salt })).rejects.toMatchObject({
      code: 'submission/commitment',
    });
  });

  it('asks again and again where no event stream comes through', async () => {
    const asked: string[] = [];
    const routed = routedFetch(arena.origins);
    const fetch: typeof globalThis.fetch = (url, init) => {
      const { pathname, search } = new URL(String(url));
      asked.push(search);
      return pathname.endsWith('/events')
        ? Promise.resolve(new Response('no streams here', { status: 502 }))
        : routed(url, init);
    };
    const deaf = createClient({ origin: arena.origins.tasks, fetch, credential: arena.token, retries: 0 });
    const model = linearModel(Array.from({ length: 16 }, (_, i) => Math.tan(i)));
    expect(await submitModel(deaf, options(model))).toMatchObject({ state: 'accepted' });
    expect(asked.filter(search => search.includes('wait=')).length).toBeGreaterThan(0);
  });
});

describe('a model of two files', () => {
  it('is found beside each other on disk, sent and accepted as one', async () => {
    const weights = Float32Array.from({ length: 2 * PART }, (_, i) => Math.sin(i * i));
    const data = weightFile([...weights.subarray(0, PART)]);
    const model = linearModel(new Array<number>(PART), { external: 'two.bin' });
    await writeFile(join(folder, 'two.onnx'), model);
    await writeFile(join(folder, 'two.bin'), data);
    const { task } = arena;
    const judged = await submitModelFile(arena.trainer, join(folder, 'two.onnx'), { task, partSize: PART });
    expect(judged).toMatchObject({
      state: 'accepted',
      files: [
        { file: 'model', filename: 'two.onnx', sha256: sha256(model) },
        { file: 'data', filename: 'two.bin', size: 4 * PART, sha256: sha256(data) },
      ],
    });
    const got: Uint8Array[] = [];
    const onBytes = (bytes: Uint8Array) => void got.push(bytes);
    const { submission } = judged;
    const original = await downloadOriginal(arena.trainer, { submission, file: 'data', onBytes });
    expect(original).toEqual({ filename: 'two.bin', size: 4 * PART, sha256: sha256(data) });
    expect(sha256(Buffer.concat(got))).toBe(sha256(data));
    expect(sorted(arena.front.taken)).toEqual([1, 1, 2, 3, 4]);
  });
});

describe('a process that is killed half way', () => {
  const start = (path: string): { child: ChildProcess; said: Promise<string> } => {
    const { origins, token, task } = arena;
    const job = { origins, token, path, options: { task, partSize: PART, concurrency: 2 } };
    const args = ['--import', 'tsx', '--conditions=@arena/source', main, JSON.stringify(job)];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    return { child, said: text(child.stdout) };
  };

  it('is followed by another that sends what is missing, and nothing else', async () => {
    const model = junk(8);
    const path = join(folder, 'large.onnx');
    await writeFile(path, model);
    arena.front.reset(nth => (nth >= 4 ? 'silence' : undefined));
    const killed = start(path);
    const half = () => Promise.resolve(arena.front.taken.length === 4 && arena.front.puts.length === 6);
    await waitFor(half, { timeoutMs: 30_000, what: 'half of the parts to land' });
    killed.child.kill('SIGKILL');
    await killed.said;
    const landed = sorted(arena.front.taken);

    arena.front.reset();
    const done = JSON.parse(await start(path).said) as { state: string; files: object[] };
    expect(done).toMatchObject({ state: 'rejected', files: [{ sha256: sha256(model) }] });
    const missing = [1, 2, 3, 4, 5, 6, 7, 8].filter(part => !landed.includes(part));
    expect(sorted(arena.front.puts)).toEqual(missing);
    const uploading = { query: { task: arena.task, state: 'uploading' as const } };
    expect((await arena.trainer.call('submissions.list', uploading)).items).toEqual([]);
  }, 90_000);
});

describe('an upload that broke off', () => {
  it('goes on by its id, also when it was completed meanwhile', async () => {
    const model = junk(3);
    const wanted = options(model);
    const resume = await breakOff(wanted, 1);
    const other = { ...wanted, filename: 'renamed.onnx', resume };
    expect(await submitModel(arena.trainer, other)).toMatchObject({ submission: resume, state: 'rejected' });
    expect(sorted(arena.front.puts)).toEqual([2, 3]);
    expect(await submitModel(arena.trainer, other)).toMatchObject({ submission: resume, state: 'rejected' });
    expect(arena.front.puts).toHaveLength(2);
  });

  it('is refused to another model before a byte of that is sent', async () => {
    const model = junk(3);
    const wanted = options(model);
    const resume = await breakOff(wanted, 2);
    const [changed, shorter] = [model.slice(), model.subarray(1)];
    changed[PART + 5]! ^= 1;
    const submit = (bytes: Uint8Array) => submitModel(arena.trainer, { ...wanted, source: bytesSource(bytes), resume });
    await expect(submit(changed)).rejects.toMatchObject({
      code: 'client/upload',
      detail: expect.stringContaining('Part 2 of the earlier upload has landed with other bytes'),
    });
    await expect(submit(shorter)).rejects.toThrow(`this one has ${model.length - 1}`);
    expect(arena.front.puts).toEqual([]);
    await submitModel(arena.trainer, { ...wanted, resume });
    await expect(submit(changed)).rejects.toThrow('is of another model');
  });

  it('is not taken for that of another model of the same name and size', async () => {
    const model = junk(2);
    const wanted = options(model);
    const left = await breakOff(wanted, 1);
    const retrained = { ...wanted, source: bytesSource(junk(2)) };
    const judged = await submitModel(arena.trainer, retrained);
    expect(judged.submission).not.toBe(left);
    expect(sorted(arena.front.puts)).toEqual([1, 2]);
    const anew = await submitModel(arena.trainer, { ...wanted, resume: false });
    expect(anew.submission).not.toBe(left);
  });

  it('comes to one end when two finish it at once', async () => {
    const wanted = options(junk(4));
    const resume = await breakOff(wanted, 3);
    const both = await Promise.all([1, 2].map(() => submitModel(arena.trainer, wanted)));
    expect(both.map(({ submission, state }) => ({ submission, state }))).toEqual([
      { submission: resume, state: 'rejected' },
      { submission: resume, state: 'rejected' },
    ]);
    const history = await arena.trainer.call('submissions.history', { params: { submission: resume } });
    expect(history.items.filter(({ what }) => what === 'completed')).toHaveLength(1);
  });
});

describe('a part', () => {
  const submitted = async (fault: StoreFront['fault'], more: Partial<SubmitOptions> = {}) => {
    const model = junk(3);
    arena.front.reset(fault);
    const judged = await submitModel(arena.trainer, options(model, more));
    expect(judged.files).toMatchObject([{ sha256: sha256(model) }]);
    return { puts: arena.front.puts, taken: sorted(arena.front.taken) };
  };
  const first = (fault: ReturnType<StoreFront['fault']>) => (nth: number) => (nth < 2 ? fault : undefined);

  it.each([
    ['is busy', { status: 503 }],
    ['says 200 and an error in the body', 'error-in-body'],
    ['cuts the line in the middle', 'cut'],
  ] as const)('is sent again when the store %s', async (_, fault) => {
    const { puts, taken } = await submitted(first(fault), { concurrency: 1 });
    expect(taken).toEqual([1, 2, 3]);
    // At once, and not only when the server misses it at the end.
    expect(puts).toEqual([1, 1, 1, 2, 3]);
  });

  it('is sent again when nothing is heard of it for as long as it may take', async () => {
    const { puts, taken } = await submitted(first('silence'), { partTimeoutMs: 1_500 });
    expect([...new Set(taken)]).toEqual([1, 2, 3]);
    expect(puts.length).toBeGreaterThanOrEqual(5);
  });

  it('that the store took and lost is sent again when the server misses it', async () => {
    const { puts, taken } = await submitted((_nth, part) => (part === 2 && arena.front.taken.length < 2 ? 'lie' : undefined), { concurrency: 1 }); // prettier-ignore
    expect(taken).toEqual([1, 2, 3]);
    expect(puts).toEqual([1, 2, 3, 2]);
  });

  it('waits for a slow store', async () => {
    expect((await submitted(() => ({ delayMs: 500 }))).puts).toHaveLength(3);
  });

  it('gets a fresh URL when its own has expired', async () => {
    const hasty = await arena.trainerAt({ URL_SECONDS: '2' });
    const model = junk(3);
    arena.front.reset(nth => (nth === 0 ? { delayMs: 3_500 } : undefined));
    const judged = await submitModel(hasty, options(model, { concurrency: 1 }));
    expect(judged).toMatchObject({ state: 'rejected', files: [{ sha256: sha256(model) }] });
    expect(arena.front.puts.length).toBeGreaterThan(3);
    expect(sorted(arena.front.taken)).toEqual([1, 2, 3]);
  });

  it('that is refused again and again ends it, and the error says what the store said', async () => {
    arena.front.reset(() => ({ status: 507 }));
    const failed = submitModel(arena.trainer, options(junk(2)));
    await expect(failed).rejects.toMatchObject({
      code: 'client/upload',
      status: 507,
      detail: expect.stringContaining('SlowDown'),
    });
  });
});
