import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrive, begin, complete, PART, send, small } from '../fixture/sending.js';
import { callerOf, MINIMUM, sha256, UPLOAD_SECONDS, walletOf } from '../fixture/submission-stand.js';
import { testStand, type TestStand } from '../fixture/test-stand.js';

let stand: TestStand;
let task: number;
beforeAll(async () => {
  stand = await testStand();
});
beforeEach(async () => {
  stand.clock.now = new Date();
  task = await stand.fresh({ spec: { submissions: { perDay: 20, graceSeconds: 600 } } });
});
afterAll(() => stand.close());

const later = (seconds: number) => new Date(stand.clock.now.getTime() + seconds * 1_000);
const get = (ref: { submission: string }) => stand.ask('submissions.get', { params: ref });
const three = randomBytes(12 * 1024 * 1024);

describe('an upload', () => {
  it('goes from three parts to a model that intake has in hand', async () => {
    const ref = await begin(stand, task, three.length);
    expect(await get(ref)).toMatchObject({
      ...{ task, trainer: walletOf(1), state: 'uploading', version: 1, step: null, waiting: null, reasons: [] },
      files: [{ file: 'model', filename: 'mödel 1.onnx', size: three.length, sha256: null }],
      expiresAt: later(UPLOAD_SECONDS).toISOString(),
    });
    await send(stand, ref, three);
    const { expiresAt, completedAt } = await complete(stand, ref, three);
    expect([expiresAt, completedAt]).toEqual([null, stand.clock.now.toISOString()]);
    expect(await get(ref)).toMatchObject({ state: 'inspecting', version: 2, step: 'assembling' });
    const row = await stand.rowOf(ref);
    expect(row.intake).toMatchObject({ step: 'assembling', takenBy: null });
    expect(row.files[0]).toMatchObject({ claimed: sha256(three), sha256: null });
    expect(row.knownSince).toEqual(row.completedAt);
  });

  it('takes a second file with external data, each in parts of its own', async () => {
    const [model, data] = [randomBytes(100), randomBytes(PART + 1)];
    const { upload, submission } = await stand.ask('submissions.begin', {
      body: { task, filename: 'm.onnx', size: 100, data: { filename: 'm.bin', size: data.length }, partSize: PART },
    });
    expect(upload).toEqual({ model: { partSize: PART, parts: 1 }, data: { partSize: PART, parts: 2 } });
    const ref = { submission };
    await send(stand, ref, model);
    await send(stand, ref, data, { file: 'data', numbers: [2] });
    const listed = { params: ref, query: { file: 'data' } };
    expect((await stand.ask('submissions.parts.list', listed)).landed).toMatchObject([{ number: 2, size: 1 }]);
    const dataSha256 = sha256(data);
    await expect(complete(stand, ref, model, { dataSha256 })).rejects.toThrow('upload/parts: data: missing: 1');
    await send(stand, ref, data, { file: 'data', numbers: [1] });
    await expect(complete(stand, ref, model)).rejects.toThrow('request/invalid');
    expect(await complete(stand, ref, model, { dataSha256 })).toMatchObject({ state: 'inspecting' });
    await expect(complete(stand, ref, model, { dataSha256: sha256(model) })).rejects.toThrow('submission/state');
    expect((await stand.rowOf(ref)).files.map(({ claimed }) => claimed)).toEqual([sha256(model), dataSha256]);
  });

  it('has no data file unless it was declared', async () => {
    const ref = await begin(stand, task, 4);
    await expect(send(stand, ref, Buffer.from('data'), { file: 'data' })).rejects.toThrow('resource/not-found');
    await send(stand, ref, Buffer.from('good'));
    const dataSha256 = sha256(three);
    await expect(complete(stand, ref, Buffer.from('good'), { dataSha256 })).rejects.toThrow('request/invalid');
  });

  it('can be resumed by whoever asks what has landed', async () => {
    const ref = await begin(stand, task, three.length);
    expect(await stand.ask('submissions.parts.list', { params: ref })).toEqual({
      partSize: PART,
      parts: 3,
      landed: [],
    });
    await send(stand, ref, three, { numbers: [2] });
    const { landed } = await stand.ask('submissions.parts.list', { params: ref });
    expect(landed).toMatchObject([{ number: 2, size: PART }]);
    await expect(complete(stand, ref, three)).rejects.toThrow('upload/parts: missing: 1, 3');
    await expect(send(stand, ref, three, { numbers: [4] })).rejects.toThrow('upload/part-number');
    await send(stand, ref, three, { numbers: [1, 3] });
    expect(await complete(stand, ref, three)).toMatchObject({ state: 'inspecting' });
  });

  it('is one multipart upload, however many ask for URLs at once', async () => {
    const ref = await begin(stand, task, three.length);
    await Promise.all(Array.from({ length: 6 }, (_, i) => send(stand, ref, three, { numbers: [(i % 3) + 1] })));
    expect(await stand.left((await stand.rowOf(ref)).files[0]?.key ?? '')).toBe(1);
    expect(await complete(stand, ref, three)).toMatchObject({ state: 'inspecting' });
  });

  it('is completed once by two at once, and the same said again changes nothing', async () => {
    const ref = await begin(stand, task, 4);
    await send(stand, ref, Buffer.from('good'));
    const both = await Promise.all([1, 2].map(() => complete(stand, ref, Buffer.from('good'))));
    expect(both[0]).toEqual(both[1]);
    expect(await complete(stand, ref, Buffer.from('good'))).toEqual(both[0]);
    expect((await stand.rowOf(ref)).changes.map(({ what }) => what)).toEqual(['begun', 'completed']);
    await expect(complete(stand, ref, Buffer.from('evil'))).rejects.toThrow('submission/state');
    await expect(send(stand, ref, Buffer.from('good'))).rejects.toThrow('submission/state');
  });

  it('asks for URLs that outlive it in no case', async () => {
    const ref = await begin(stand, task, 4);
    stand.clock.now = later(UPLOAD_SECONDS - 60);
    const body = { numbers: [1] };
    const { urls, expiresAt } = await stand.ask('submissions.parts.urls', { params: ref, body });
    expect(expiresAt).toBe(later(60).toISOString());
    expect(urls[0]?.url).toContain('X-Amz-Expires=60&');
  });
});

describe('it begins', () => {
  const beginning = (more: object = {}, who = 1) => begin(stand, task, 10, callerOf(who), more);

  it('only on a task that is known and open', async () => {
    await expect(begin(stand, 999, 10)).rejects.toThrow('resource/not-found');
    await stand.task(task, { paused: true });
    await expect(beginning()).rejects.toThrow('task/paused');
    await stand.task(task, { closesAt: stand.clock.now });
    await expect(beginning()).rejects.toThrow('task/phase');
    for (const phase of ['final', 'cancelled', 'finalised'] as const) {
      await stand.task(task, { phase });
      await expect(beginning()).rejects.toThrow('task/phase');
    }
    await stand.task(task);
    await beginning();
  });

  it('only for who is staked as trainer, with the minimum', async () => {
    await expect(beginning({}, 3)).rejects.toThrow('submission/not-staked');
    await stand.stake(task, 3, MINIMUM - 1n);
    await expect(beginning({}, 3)).rejects.toThrow('submission/not-staked');
    await stand.stake(task, 3, MINIMUM);
    await beginning({}, 3);
  });

  it('also with a stake that is seen but not final', async () => {
    await stand.seenStake(task, 4, MINIMUM, later(60));
    await beginning({}, 4);
    const quota = await stand.ask('submissions.quota', { query: { task: String(task) } }, callerOf(4));
    expect(quota).toMatchObject({ limit: 20, used: 1, stake: '0' });
  });

  it('with at most the bytes that the task takes, model and data together', async () => {
    const model = { operators: ['Gemm'], inputs: [{ type: 'float32' as const, shape: [1] }], outputs: [{ type: 'float32' as const, shape: [1] }] }; // prettier-ignore
    await stand.task(task, { spec: { model: { ...model, maxBytes: 100 } } });
    await expect(begin(stand, task, 101)).rejects.toThrow('submission/too-large');
    const data = { filename: 'd', size: 50 };
    await expect(begin(stand, task, 51, callerOf(1), { data })).rejects.toThrow('submission/too-large');
    await begin(stand, task, 50, callerOf(1), { data });
  });

  it('in place of an earlier one of the same trainer and task that can still be withdrawn', async () => {
    const { submission: earlier } = await beginning();
    const { submission: others } = await beginning({}, 2);
    const other = await stand.fresh();
    const { submission: elsewhere } = await begin(stand, other, 10);
    for (const supersedes of [others, elsewhere, '00000000-0000-4000-8000-000000000000'])
      await expect(beginning({ supersedes })).rejects.toThrow('submission/supersedes: You have no such');
    const ref = await beginning({ supersedes: earlier });
    expect(await get(ref)).toMatchObject({ supersedes: earlier });
    await stand.ask('submissions.withdraw', { params: { submission: earlier } });
    await expect(beginning({ supersedes: earlier })).rejects.toThrow('submission/supersedes: It is abandoned');
  });
});

describe('a small model', () => {
  const bytes = Buffer.from('a small model');

  it('is in the same state as one that came in parts', async () => {
    const inParts = await stand.rowOf(await arrive(stand, task, bytes));
    const answer = await small(stand, task, bytes, { filename: 'mödel 1.onnx', sha256: sha256(bytes) });
    const whole = await stand.rowOf(answer);
    expect(answer).toMatchObject({ state: 'inspecting', version: 2, files: [{ size: bytes.length, sha256: null }] });
    const differing = { submission: '', key: '', uploadId: '', partSize: 0, id: 0 };
    const file = { ...whole.files[0], ...differing };
    expect(file).toEqual({ ...inParts.files[0], ...differing });
    const same = ({ state, version, deadline, intake, changes }: typeof whole) => ({
      ...{ state, version, deadline, step: intake?.step },
      changes: changes.map(({ what, state: then, version: of }) => [what, then, of]),
    });
    expect(same(whole)).toEqual(same(inParts));
    const quota = await stand.database.read.prisma.quotaEntry.findMany({ where: { task } });
    expect(quota.map(({ state }) => state)).toEqual(['spent', 'spent']);
    expect(await stand.files.digest(whole.files[0]?.key ?? '', new AbortController().signal)).toEqual({
      size: bytes.length,
      sha256: sha256(bytes),
    });
    expect(await complete(stand, answer, bytes)).toMatchObject({ state: 'inspecting', version: 2 });
  });

  it('is refused when it hashes to something else than was said, or is nothing', async () => {
    await expect(small(stand, task, bytes, { sha256: sha256(three) })).rejects.toThrow('upload/sha256');
    await expect(small(stand, task, Buffer.alloc(0))).rejects.toThrow('request/invalid');
    await expect(small(stand, task, bytes, {}, callerOf(9))).rejects.toThrow('submission/not-staked');
    expect(await stand.ask('submissions.list', { query: { task: String(task) } })).toEqual({ items: [], next: null });
  });
});
