import { createHash, randomBytes } from 'node:crypto';
import { openObjects, type Objects } from '@arena/objects';
import { freePort, testBuckets } from '@arena/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { openObjectStore, partsToSign, uploadFiles, type UploadFiles } from './index.js';

const MIB = 1024 * 1024;
const data = randomBytes(6 * MIB);
const cut = { size: data.length, partSize: 5 * MIB };
const written = (uploadId: string) => Promise.resolve({ uploadId });

let bucket: string;
let objects: Objects;
let files: UploadFiles;

beforeAll(async () => {
  const s3 = await testBuckets();
  bucket = s3.bucket;
  objects = openObjects(s3);
  files = uploadFiles(objects, { bucket, prefix: 'incoming/' });
});

const within = (seconds: number, deadline = new Date(Date.now() + 3_600_000)) => ({
  now: new Date(),
  deadline,
  seconds,
});

async function start(): Promise<{ key: string; uploadId: string }> {
  const key = files.newKey();
  return { key, uploadId: (await files.startUpload(key, written)).uploadId };
}

async function send({ key, uploadId }: { key: string; uploadId: string }, numbers: number[]): Promise<void> {
  const { urls } = await files.partUrls(key, uploadId, partsToSign(cut, numbers), within(60));
  for (const { number, url, size } of urls) {
    const from = (number - 1) * cut.partSize;
    await fetch(url, { method: 'PUT', body: new Uint8Array(data.subarray(from, from + size)) });
  }
}

async function openUploads(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { uploadId } of objects.listUploads(bucket, prefix)) found.push(uploadId);
  return found;
}

describe('an upload', () => {
  it('goes from parts to one object, is read back, and leaves nothing when it is cleared', async () => {
    const upload = await start();
    const { key, uploadId } = upload;
    expect(key).toMatch(/^incoming\/[0-9a-f]{32}$/);
    await send(upload, [2]);
    expect(await files.landedParts(key, uploadId)).toMatchObject([{ number: 2, size: MIB }]);
    expect(await files.assemble(key, uploadId, cut)).toBe('missing: 1');
    await send(upload, [1]);
    expect(await Promise.all([1, 2].map(() => files.assemble(key, uploadId, cut)))).toEqual([undefined, undefined]);
    expect(await files.assemble(key, uploadId, cut)).toBeUndefined();
    const sha256 = createHash('sha256').update(data).digest('hex');
    expect(await files.digest(key, new AbortController().signal)).toEqual({ size: data.length, sha256 });
    await objects.createUpload(bucket, key);
    await files.clearUpload(key);
    expect(await files.sizeOf(key)).toBeUndefined();
    expect(await openUploads(key)).toEqual([]);
  });

  it('is not read on by a process that stops', async () => {
    const upload = await start();
    await send(upload, [1, 2]);
    await files.assemble(upload.key, upload.uploadId, cut);
    await expect(files.digest(upload.key, AbortSignal.abort())).rejects.toThrow('abort');
  });

  it('that is gone, or that nobody has named, has no parts and cannot be put together', async () => {
    const { key, uploadId } = await start();
    await files.abortUpload(key, uploadId);
    for (const id of [uploadId, null]) {
      expect(await files.landedParts(key, id)).toBeUndefined();
      expect(await files.assemble(key, id, cut)).toBe('The uploaded parts are gone from the object store');
    }
  });

  it('is one, whoever of two names it first', async () => {
    const key = files.newKey();
    let counts: string | undefined;
    const name = (uploadId: string) => Promise.resolve({ uploadId: (counts ??= uploadId) });
    const named = await Promise.all([files.startUpload(key, name), files.startUpload(key, name)]);
    expect(named).toEqual([{ uploadId: counts }, { uploadId: counts }]);
    expect(await openUploads(key)).toEqual([counts]);
  });
});

describe('the URL of a part', () => {
  it('works for as long as it was asked for', async () => {
    const { key, uploadId } = await start();
    const asked = within(60);
    const { urls, expiresAt } = await files.partUrls(key, uploadId, [{ number: 1, size: 1 }], asked);
    expect(new URL(urls[0]?.url ?? '').searchParams.get('X-Amz-Expires')).toBe('60');
    expect(Date.parse(expiresAt)).toBe(asked.now.getTime() + 60_000);
  });

  it('does not outlive its upload', async () => {
    const { key, uploadId } = await start();
    const asked = within(60, new Date(Date.now() + 10_500));
    const { urls, expiresAt } = await files.partUrls(key, uploadId, [{ number: 1, size: 1 }], asked);
    expect(new URL(urls[0]?.url ?? '').searchParams.get('X-Amz-Expires')).toBe('10');
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(asked.deadline.getTime());
  });
});

it('aborts old uploads that nobody counts on, and no others', async () => {
  const [used, lost] = [await start(), await start()];
  const elsewhere = await objects.createUpload(bucket, 'elsewhere/x');
  const orphans = async (before: Date) => {
    const keys: string[] = [];
    for await (const key of files.abortOrphans(before, ids =>
      Promise.resolve(new Set(ids.filter(id => id !== lost.uploadId))),
    ))
      keys.push(key);
    return keys;
  };
  expect(await orphans(new Date(Date.now() - 60_000))).toEqual([]);
  expect(await orphans(new Date(Date.now() + 60_000))).toEqual([lost.key]);
  expect(await openUploads(lost.key)).toEqual([]);
  expect(await openUploads(used.key)).toEqual([used.uploadId]);
  expect(await openUploads('elsewhere/')).toEqual([elsewhere]);
});

it('tells callers to come again while the object store is away', { timeout: 60_000 }, async () => {
  const away = openObjectStore({
    S3_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    S3_REGION: 'us-east-1',
    S3_ACCESS_KEY: 'key',
    S3_SECRET_KEY: 'secret',
  });
  const nowhere = uploadFiles(away, { bucket, prefix: 'incoming/' });
  await expect(nowhere.sizeOf('incoming/x')).rejects.toMatchObject({ code: 'service/unavailable' });
});
