import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3, type Fault, type FaultRequest, type S3Server } from '@arena/s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStand, sha256, trainer, type Stand } from '../../fixture/intake-stand.js';
import { smallModel, weightsOf } from '../../fixture/small-onnx.js';
import { testIntake } from '../../fixture/test-intake.js';

let server: S3Server;
let folder: string;
let stand: Stand;
let drop: () => Promise<void>;
let fault: (request: FaultRequest) => Fault | undefined = () => undefined;
let seed = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-intake-s3-'));
  const keys = [{ accessKey: 'app', secretKey: 'app-secret', grants: '*' as const }];
  server = await startS3({ folder, keys, faults: request => fault(request) });
  const test = await testIntake();
  drop = test.drop;
  const s3 = { endpoint: server.url, region: 'us-east-1', accessKey: 'app', secretKey: 'app-secret' };
  stand = openStand({ ...test.place, s3, originals: 'quarantine', blind: 'blind' });
  for (const bucket of ['quarantine', 'blind', 'datasets']) await stand.objects.ensureBucket(bucket);
  for (const digit of ['1', '2']) for (const task of [1, 2, 3, 4]) await stand.stake(trainer(digit), task);
  await stand.task(1);
});
afterAll(async () => {
  await stand.close();
  await server.close();
  await drop();
  await rm(folder, { recursive: true });
});
beforeEach(() => void (seed += 1));
afterEach(() => void (fault = () => undefined));

const model = () => smallModel({ weights: weightsOf(seed) });
const always =
  (operation: string, wrong: Fault): typeof fault =>
  request =>
    request.operation === operation ? wrong : undefined;

describe('while the store', { timeout: 120_000 }, () => {
  it.each([
    ['answers 503 when asked', always('HeadObject', { status: 503 })],
    ['answers 503 when it is read', always('GetObject', { status: 503 })],
    ['answers 500 when it is written', always('PutObject', { status: 500 })],
    ['breaks off whatever it sends', always('GetObject', { truncateAfter: 0 })],
  ])('%s, a model is put off, and accepted when it is back', async (_, wrong) => {
    const submission = await stand.hand(model());
    fault = wrong;
    await stand.run();
    expect(await stand.outcome(submission)).toBe('inspecting');
    expect(await stand.job(submission)).toMatchObject({ takenBy: null, tries: 1, crashes: 0, deaths: 0 });
    expect(await stand.run()).toBe(false);
    fault = () => undefined;
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('accepted');
    expect(await stand.quota(submission)).toBe('spent');
  });

  it('is slow, breaks off now and then, or loses an answer, a model is accepted all the same', async () => {
    const submission = await stand.hand(model());
    let lost = false;
    fault = ({ operation }) => {
      if (operation === 'PutObject' && !lost) return { loseAnswer: (lost = true) };
      return operation === 'GetObject' ? { truncateAfter: 1_000 } : { delayMs: 200 };
    };
    await stand.run();
    fault = () => undefined;
    expect(await stand.outcome(submission)).toBe('accepted');
  });

  it('says 200 and fails to put parts together, a model is put off', async () => {
    const submission = await stand.hand(model(), { empty: true });
    const file = { submission_file: { submission, file: 'model' } };
    const { key } = await stand.database.read.prisma.submissionFile.findUniqueOrThrow({ where: file });
    const uploadId = await stand.objects.createUpload('quarantine', key);
    const url = await stand.objects.presignPart('quarantine', key, uploadId, 1, { expiresSeconds: 60 });
    await fetch(url, { method: 'PUT', body: new Uint8Array(model()) });
    await stand.database.read.prisma.submissionFile.update({ where: file, data: { uploadId } });
    fault = always('CompleteMultipartUpload', { errorInBody: true });
    await stand.run();
    expect(await stand.job(submission)).toMatchObject({ takenBy: null, tries: 1 });
    fault = () => undefined;
    await stand.runLater();
    expect(await stand.outcome(submission)).toBe('accepted');
  });
});

describe('the starter model of a task', { timeout: 60_000 }, () => {
  async function starterTask(task: number, bytes: Buffer): Promise<void> {
    const [sha, dataset] = [sha256(bytes), '01999999-0000-7000-8000-00000000000a'];
    await stand.objects.put('datasets', `sha256/${sha}`, bytes);
    await stand.task(task, {}, { starter: { dataset, version: 1, sha256: sha } });
    await stand.database.read.query(
      `INSERT INTO released_datasets (task, purpose, dataset, version, sha256, size, format, bucket, key)
       VALUES ($1::int, 'starter', $2::uuid, 1, $3, $4::bigint, 'onnx', 'datasets', $5)`,
      [task, dataset, sha, bytes.length, `sha256/${sha}`],
    );
  }
  const tuned = (from: Float32Array, by: number) => {
    const change = weightsOf(by);
    return from.map((value, index) => value + 0.05 * change[index]!);
  };
  async function pair(task: number): Promise<(string | null)[]> {
    const starter = weightsOf(99);
    const both = [
      await stand.hand(smallModel({ weights: tuned(starter, 100 + task) }), { task, by: '1' }),
      await stand.hand(smallModel({ weights: tuned(starter, 200 + task) }), { task, by: '2' }),
    ];
    await stand.run();
    await stand.run();
    const rows = await Promise.all(both.map(stand.model));
    return rows.map(row => row && row.original && 'flagged');
  }

  it('is taken away, once read: only what was trained since is compared', async () => {
    await starterTask(2, smallModel({ weights: weightsOf(99) }));
    expect(await pair(2)).toEqual([null, null]);
    expect(stand.spent.filter(step => step === 'starter')).toHaveLength(1);
  });

  it('that cannot be read is done without', async () => {
    await starterTask(3, Buffer.from('no model at all'));
    expect((await pair(3)).filter(Boolean)).toEqual(['flagged']);
    const [row] = await stand.database.read.prisma.starter.findMany({ where: { fault: { not: null } } });
    expect(row).toMatchObject({ sketch: null, fault: expect.stringContaining('onnx/') });
  });

  it('that is not known yet is waited for', async () => {
    const sha = 'e'.repeat(64);
    await stand.task(4, {}, { starter: { dataset: '01999999-0000-7000-8000-00000000000b', version: 1, sha256: sha } });
    const submission = await stand.hand(model(), { task: 4 });
    await stand.run();
    expect(await stand.job(submission)).toMatchObject({ step: 'comparing', tries: 1, takenBy: null });
  });
});

it('clears away blind models that belong to nobody, and leaves those in use and those that are young', async () => {
  const used = await stand.blindKeys();
  await stand.objects.put('blind', 'f'.repeat(32), 'left by a job that died');
  expect(await stand.sweep()).toBe(0);
  const real = stand.clock.now;
  stand.clock.now = () => new Date(Date.now() + 2 * 3_600_000);
  expect(await stand.sweep()).toBe(1);
  stand.clock.now = real;
  expect((await stand.blindKeys()).sort()).toEqual(used.sort());
  expect(used.length).toBeGreaterThan(0);
});
