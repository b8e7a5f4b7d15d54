import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anonymous } from '@arena/auth';
import { openObjects, type Objects } from '@arena/objects';
import { startS3, type Fault, type FaultRequest, type S3Server } from '@arena/s3';
import { testDatabase, type TestDatabase } from '@arena/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrive, begin, complete, PART, send, type Ref } from '../fixture/dataset-sending.js';
import { openStand, sha256, UPLOAD_SECONDS, type Stand } from '../fixture/dataset-stand.js';

const keys = { accessKey: 'arena', secretKey: 'arena-secret' };
const migrations = [
  { name: 'task-service', directory: fileURLToPath(new URL('../../prisma/migrations', import.meta.url)) },
];

let folder: string;
let server: S3Server;
let test: TestDatabase;
let stand: Stand;
let objects: Objects;
/** What the store does wrong; nothing again after each test. */
let fault: (request: FaultRequest) => Fault | undefined = () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-datasets-'));
  server = await startS3({ folder, keys: [{ ...keys, grants: '*' }], faults: request => fault(request) });
  test = await testDatabase({ service: 'task-service', migrations });
  const s3 = { endpoint: server.url, region: 'us-east-1', ...keys, bucket: 'datasets' };
  objects = openObjects(s3);
  await objects.ensureBucket('datasets');
  stand = openStand({ databaseUrl: test.appUrl, s3 });
});

afterEach(() => {
  fault = () => undefined;
  stand.clock.now = new Date();
});

afterAll(async () => {
  await stand.close();
  await test.drop();
  await server.close();
  await rm(folder, { recursive: true });
});

const state = (params: Ref) => stand.ask('datasets.versions.get', { params });

async function keysIn(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list('datasets', prefix)) found.push(key);
  return found;
}

async function uploadsIn(prefix = 'uploads/'): Promise<string[]> {
  const found: string[] = [];
  for await (const { uploadId } of objects.listUploads('datasets', prefix)) found.push(uploadId);
  return found;
}

const three = randomBytes(12 * 1024 * 1024);

describe('an upload', () => {
  it('goes from three parts to a download of the same bytes', async () => {
    const ref = await begin(stand, three.length);
    expect(await state(ref)).toMatchObject({ state: 'uploading', sha256: null, purpose: 'training' });
    await send(stand, ref, three, [1, 2, 3]);
    expect(await complete(stand, ref, three)).toMatchObject({ state: 'verifying', sha256: null, expiresAt: null });
    expect(await stand.verify()).toBe(true);
    expect(await state(ref)).toMatchObject({ state: 'ready', sha256: sha256(three), size: three.length });
    expect(await stand.ask('datasets.get', { params: { dataset: ref.dataset } })).toMatchObject({ latest: 1 });

    const download = await stand.ask('datasets.versions.download', { params: ref }, anonymous);
    const answer = await fetch(download.url);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''tr%C3%A4in%201.npz");
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(three));

    await stand.sweep();
    expect(await keysIn('uploads/')).toEqual([]);
    expect(await stand.verify()).toBe(false);
  });

  it('can be resumed by anybody who asks what has landed', async () => {
    const ref = await begin(stand, three.length);
    const before = await stand.ask('datasets.versions.parts.list', { params: ref });
    expect(before).toEqual({ partSize: PART, parts: 3, landed: [] });
    await send(stand, ref, three, [2]);
    const { landed } = await stand.ask('datasets.versions.parts.list', { params: ref });
    expect(landed).toMatchObject([{ number: 2, size: PART }]);
    await send(stand, ref, three, [1, 3]);
    expect(await complete(stand, ref, three)).toMatchObject({ state: 'verifying' });
    await stand.verify();
  });

  it('is not completed while parts are missing or have a wrong size', async () => {
    const ref = await begin(stand, three.length);
    await expect(complete(stand, ref, three)).rejects.toThrow('upload/parts: missing: 1-3');
    await send(stand, ref, three.subarray(0, PART + 1), [1, 2]);
    await expect(complete(stand, ref, three)).rejects.toThrow(
      'upload/parts: missing: 3; part 2 has 1 bytes instead of 5242880',
    );
    expect(await state(ref)).toMatchObject({ state: 'uploading' });
  });

  it('fails when its bytes hash to something else, and leaves nothing behind', async () => {
    const ref = await begin(stand, 4);
    await send(stand, ref, Buffer.from('good'), [1]);
    await complete(stand, ref, Buffer.from('evil'));
    await stand.verify();
    const { state: now, failure } = await state(ref);
    expect(now).toBe('failed');
    expect(failure).toContain(sha256(Buffer.from('good')));
    await stand.sweep();
    expect(await keysIn('uploads/')).toEqual([]);
    expect(await keysIn(`sha256/${sha256(Buffer.from('good'))}`)).toEqual([]);
    await expect(stand.ask('datasets.versions.download', { params: ref })).rejects.toThrow('dataset/state');
  });

  it('fails when a part is exchanged for a shorter one after it was completed', async () => {
    const ref = await begin(stand, three.length);
    await send(stand, ref, three, [1, 2, 3]);
    const { urls } = await stand.ask('datasets.versions.parts.urls', { params: ref, body: { numbers: [2] } });
    await complete(stand, ref, three);
    await fetch(urls[0]?.url ?? '', { method: 'PUT', body: 'short' });
    await stand.verify();
    expect(await state(ref)).toMatchObject({ state: 'failed', failure: 'part 2 has 5 bytes instead of 5242880' });
  });

  it('takes no parts and no other sha256 once it is completed', async () => {
    const data = randomBytes(10);
    const ref = await arrive(stand, data);
    const first = await state(ref);
    expect(await complete(stand, ref, data)).toEqual(first);
    await expect(complete(stand, ref, three)).rejects.toThrow('dataset/state');
    await expect(send(stand, ref, data, [1])).rejects.toThrow('dataset/state');
    await stand.verify();
    expect(await complete(stand, ref, data)).toMatchObject({ state: 'ready' });
    await expect(stand.ask('datasets.versions.abandon', { params: ref })).rejects.toThrow('dataset/state');
  });

  it('is one multipart upload, however many ask for URLs at once', async () => {
    const ref = await begin(stand, three.length);
    await Promise.all(Array.from({ length: 8 }, (_, i) => send(stand, ref, three, [(i % 3) + 1])));
    const { landed } = await stand.ask('datasets.versions.parts.list', { params: ref });
    expect(landed.map(({ number }) => number)).toEqual([1, 2, 3]);
    const { uploadId, uploadKey } = await stand.database.read.prisma.datasetVersion.findUniqueOrThrow({
      where: { dataset_version: ref },
    });
    expect(await uploadsIn(uploadKey ?? '')).toEqual([uploadId]);
  });
});

it('stores equal bytes once', async () => {
  const data = randomBytes(100);
  const copied: string[] = [];
  fault = ({ operation, key }) => void (operation === 'CopyObject' && copied.push(key));
  const refs = [await arrive(stand, data), await arrive(stand, data, 'starter')];
  while (await stand.verify());
  await stand.sweep();
  expect(copied).toEqual([`sha256/${sha256(data)}`]);
  for (const params of refs) {
    const { url } = await stand.ask('datasets.versions.download', { params }, anonymous);
    expect(sha256(new Uint8Array(await (await fetch(url)).arrayBuffer()))).toBe(sha256(data));
  }
});

describe('an upload that is given up', () => {
  it('by an admin leaves nothing behind', async () => {
    const ref = await begin(stand, three.length);
    await send(stand, ref, three, [1]);
    expect(await stand.ask('datasets.versions.abandon', { params: ref })).toMatchObject({ state: 'abandoned' });
    expect(await stand.ask('datasets.versions.abandon', { params: ref })).toMatchObject({ state: 'abandoned' });
    const { uploadKey } = await stand.database.read.prisma.datasetVersion.findUniqueOrThrow({
      where: { dataset_version: ref },
    });
    await stand.sweep();
    expect(await uploadsIn(uploadKey ?? '')).toEqual([]);
    await expect(send(stand, ref, three, [2])).rejects.toThrow('dataset/state');
  });

  it('by its deadline leaves nothing behind', async () => {
    const ref = await begin(stand, three.length);
    await send(stand, ref, three, [1]);
    stand.clock.now = new Date(Date.now() + (UPLOAD_SECONDS + 1) * 1_000);
    await expect(send(stand, ref, three, [2])).rejects.toThrow('dataset/state');
    await expect(complete(stand, ref, three)).rejects.toThrow('dataset/state');
    await objects.createUpload('datasets', 'uploads/nobody-knows');
    await stand.sweep();
    expect(await state(ref)).toMatchObject({ state: 'abandoned', expiresAt: null });
    expect(await uploadsIn()).toEqual([]);
  });

  it('is not looked for among the young: one may be about to be written down', async () => {
    const young = await objects.createUpload('datasets', 'uploads/just-started');
    await stand.sweep();
    expect(await uploadsIn('uploads/just-started')).toEqual([young]);
  });
});

describe('while the object store is away', () => {
  const away = () => ({ status: 503 });

  it('an upload can be begun, and callers are told to come again', async () => {
    fault = away;
    const ref = await begin(stand, three.length);
    await expect(send(stand, ref, three, [1])).rejects.toMatchObject({ code: 'service/unavailable' });
    fault = () => undefined;
    await send(stand, ref, three, [1, 2, 3]);
    fault = away;
    await expect(complete(stand, ref, three)).rejects.toMatchObject({ code: 'service/unavailable' });
    expect(await state(ref)).toMatchObject({ state: 'uploading' });
  });

  it('verifying waits, past any deadline, and goes on afterwards', async () => {
    const data = randomBytes(100);
    const ref = await arrive(stand, data);
    fault = away;
    stand.clock.now = new Date(Date.now() + 2 * UPLOAD_SECONDS * 1_000);
    expect(await stand.verify({ restMs: 0 })).toBe(true);
    await stand.sweep().catch(() => undefined);
    expect(await state(ref)).toMatchObject({ state: 'verifying' });
    fault = () => undefined;
    expect(await stand.verify()).toBe(true);
    expect(await state(ref)).toMatchObject({ state: 'ready' });
  });

  it.each<[string, string, Fault]>([
    ['an error inside a 200', 'CompleteMultipartUpload', { errorInBody: true }],
    ['a lost answer', 'CompleteMultipartUpload', { loseAnswer: true }],
    ['a lost answer', 'CopyObject', { loseAnswer: true }],
    ['a broken read', 'GetObject', { truncateAfter: 10 }],
  ])('%s of %s does not make it fail', async (_, operation, wrong) => {
    const data = randomBytes(100_000);
    const ref = await arrive(stand, data);
    let met = 0;
    fault = request => (request.operation === operation && met++ < 1 ? wrong : undefined);
    for (let i = 0; i < 3; i++) await stand.verify({ restMs: 0 });
    expect(met).toBeGreaterThan(0);
    expect(await state(ref)).toMatchObject({ state: 'ready', sha256: sha256(data) });
  });
});
