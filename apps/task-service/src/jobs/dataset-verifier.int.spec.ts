import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openObjects, type Objects } from '@arena/objects';
import { testBuckets, testDatabase, waitFor, type TestDatabase } from '@arena/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive, begin, beginVersion, complete, send, type Ref } from '../fixture/dataset-sending.js';
import { openStand, sha256, type Place, type Stand } from '../fixture/dataset-stand.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const migrations = [{ name: 'task-service', directory: here('../../prisma/migrations') }];

let test: TestDatabase;
let place: Place;
let stand: Stand;
let objects: Objects;

beforeAll(async () => {
  const s3 = await testBuckets();
  test = await testDatabase({ service: 'task-service', migrations });
  place = { databaseUrl: test.appUrl, s3 };
  objects = openObjects(s3);
  stand = openStand(place);
});

afterAll(async () => {
  await stand.close();
  await test.drop();
});

const state = (params: Ref) => stand.ask('datasets.versions.get', { params });
const row = (ref: Ref) =>
  stand.database.read.prisma.datasetVersion.findUniqueOrThrow({ where: { dataset_version: ref } });

/** What lies at the keys of an upload, and the multipart uploads that are open there. */
async function left(uploadKey: string | null): Promise<number> {
  let count = 0;
  for await (const _ of objects.list(place.s3.bucket, uploadKey ?? '')) count++;
  for await (const _ of objects.listUploads(place.s3.bucket, uploadKey ?? '')) count++;
  return count;
}

/** A process that dies as by kill -9 at that point. */
async function killedAt(point: string, what: 'mint' | 'verify' | 'sweep', params?: Ref): Promise<void> {
  const argument = JSON.stringify({ what, place, params });
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@arena/source', here('../fixture/dataset-worker.ts'), argument],
    {
      cwd: here('../..'),
      env: { ...process.env, CRASH_AT: point, TSX_TSCONFIG_PATH: here('../../../../tsconfig.check.json') },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const signal = await new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
  expect(signal).toBe('SIGKILL');
}

// Each starts a process of its own from the sources, which takes a busy machine a while.
describe('a process killed', { timeout: 120_000 }, () => {
  it.each([
    ['after the parts were put together', 'dataset.assembled'],
    ['after the bytes were copied', 'dataset.kept'],
    ['after the state was saved', 'dataset.settled'],
  ])('%s loses nothing', async (_, point) => {
    const data = randomBytes(6 * 1024 * 1024);
    const ref = await arrive(stand, data);
    const { uploadKey } = await row(ref);
    await killedAt(point, 'verify');
    await waitFor(async () => {
      await stand.verify();
      return (await state(ref)).state === 'ready';
    });
    await stand.sweep();
    expect(await stand.ask('datasets.get', { params: { dataset: ref.dataset } })).toMatchObject({ latest: 1 });
    expect(await objects.head(place.s3.bucket, `sha256/${sha256(data)}`)).toMatchObject({ size: data.length });
    expect(await left(uploadKey)).toBe(0);
    expect(await row(ref)).toMatchObject({ uploadKey: null, uploadId: null });
  });

  it('while it clears an upload away leaves the rest to the next', async () => {
    const ref = await arrive(stand, randomBytes(10));
    const { uploadKey } = await row(ref);
    await stand.verify();
    await killedAt('dataset.cleared', 'sweep');
    expect(await row(ref)).toMatchObject({ uploadKey });
    await stand.sweep();
    expect(await row(ref)).toMatchObject({ uploadKey: null, state: 'ready' });
    expect(await left(uploadKey)).toBe(0);
  });

  it('before it wrote its multipart upload down leaves none behind', async () => {
    const data = randomBytes(10);
    const ref = await begin(stand, data.length);
    await killedAt('dataset.upload-started', 'mint', ref);
    const { uploadKey, uploadId } = await row(ref);
    expect({ uploadId, left: await left(uploadKey) }).toEqual({ uploadId: null, left: 1 });
    await send(stand, ref, data);
    await complete(stand, ref, data);
    await stand.verify();
    await stand.sweep();
    expect(await state(ref)).toMatchObject({ state: 'ready' });
    expect(await left(uploadKey)).toBe(0);
  });
});

describe('verifying', () => {
  it('is done by one of those who look at the same moment', async () => {
    await arrive(stand, randomBytes(10));
    const done = await Promise.all(Array.from({ length: 4 }, () => stand.verify()));
    expect(done.filter(Boolean)).toHaveLength(1);
  });

  it('is left to another at once by a process that stops', async () => {
    const ref = await arrive(stand, randomBytes(10));
    expect(await stand.verify({ stopping: AbortSignal.abort() })).toBe(true);
    expect(await state(ref)).toMatchObject({ state: 'verifying' });
    expect(await stand.verify()).toBe(true);
    expect(await state(ref)).toMatchObject({ state: 'ready' });
  });

  it('ends the same when two do it at once, because the first was too slow', async () => {
    const data = randomBytes(6 * 1024 * 1024);
    const ref = await arrive(stand, data);
    const first = stand.verify();
    await waitFor(async () => ((await row(ref)).verifyAt ?? 0) > new Date(0), { everyMs: 1 });
    await stand.database.read.query(`UPDATE dataset_versions SET verify_at = 'epoch' WHERE state = 'verifying'`);
    expect(await Promise.all([first, stand.verify()])).toContain(true);
    await waitFor(async () => (await stand.verify()) || (await state(ref)).state === 'ready');
    expect(await state(ref)).toMatchObject({ state: 'ready', sha256: sha256(data) });
  });

  it('makes the newest version the latest, in whatever order they become ready', async () => {
    const [older, newer] = [randomBytes(10), randomBytes(10)];
    const first = await begin(stand, 10);
    const second = await beginVersion(stand, first.dataset, 10);
    for (const [ref, data] of [
      [second, newer],
      [first, older],
    ] as const) {
      await send(stand, ref, data);
      await complete(stand, ref, data);
      await stand.verify();
      expect(await stand.ask('datasets.get', { params: { dataset: ref.dataset } })).toMatchObject({ latest: 2 });
    }
  });

  it('fails bytes that would be public and hidden at once', async () => {
    const data = randomBytes(10);
    const hidden = await arrive(stand, data, 'hidden-b');
    await stand.verify();
    const leak = await arrive(stand, data, 'training');
    await stand.verify();
    expect(await state(hidden)).toMatchObject({ state: 'ready' });
    expect(await state(leak)).toMatchObject({ state: 'failed', failure: 'The same bytes are a hidden set already' });
  });
});
