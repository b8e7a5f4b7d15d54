import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startS3, type Fault } from '@arena/s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openObjects, sha256Of, type Objects } from './index.js';
import { app, mib, openFixture, region, upload, type Fixture } from './store.fixture.js';
import { openConnections } from './transport.js';

let store: Fixture<Fault>;
let objects: Objects;

beforeAll(async () => {
  store = await openFixture<Fault>(startS3);
  objects = store.objects;
});

beforeEach(() => {
  store.fault = () => undefined;
});

afterAll(() => store.close());

describe('an upload', () => {
  it('goes up by presigned parts and comes down whole', async () => {
    const bodies = [randomBytes(5 * mib), randomBytes(1000)];
    const { id, parts } = await store.arrived('up/whole', bodies);
    expect(parts.map(({ number, size }) => [number, size])).toEqual([
      [1, 5 * mib],
      [2, 1000],
    ]);
    await objects.completeUpload('models', 'up/whole', id, parts);
    expect(await objects.head('models', 'up/whole')).toMatchObject({
      size: 5 * mib + 1000,
      contentType: 'application/x-model',
    });
    const expected = createHash('sha256').update(Buffer.concat(bodies)).digest('hex');
    expect(await sha256Of(await objects.read('models', 'up/whole'))).toEqual({
      sha256: expected,
      size: 5 * mib + 1000,
    });
  });

  it('lists more parts than fit one page', async () => {
    const id = await objects.createUpload('models', 'up/many');
    const urls = await Promise.all(
      Array.from({ length: 13 }, (_, at) =>
        objects.presignPart('models', 'up/many', id, at + 1, { expiresSeconds: 60 }),
      ),
    );
    for (let at = 0; at < urls.length; at += 50)
      await Promise.all(urls.slice(at, at + 50).map(url => upload(url, Buffer.from('x'))));
    const parts = await objects.listParts('models', 'up/many', id);
    expect(parts.map(part => part.number)).toEqual(urls.map((_, at) => at + 1));
  });

  it('can be completed again after it was', async () => {
    const { id, parts } = await store.arrived('up/again', [Buffer.from('x')]);
    const first = await objects.completeUpload('models', 'up/again', id, parts);
    expect(await objects.completeUpload('models', 'up/again', id, parts)).toEqual(first);
  });

  it('is complete when the answer to that was lost', async () => {
    const { id, parts } = await store.arrived('up/lost', [Buffer.from('x')]);
    store.times(1, 'CompleteMultipartUpload', { loseAnswer: true });
    await objects.completeUpload('models', 'up/lost', id, parts);
    expect(await objects.head('models', 'up/lost')).toMatchObject({ size: 1 });
  });

  it('is not taken for complete when the store says an error with status 200', async () => {
    const { id, parts } = await store.arrived('up/lie', [Buffer.from('x')]);
    store.times(100, 'CompleteMultipartUpload', { errorInBody: true });
    const failing = objects.completeUpload('models', 'up/lie', id, parts);
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable', code: 'InternalError' });
    expect(await objects.head('models', 'up/lie')).toBeUndefined();
    store.times(2, 'CompleteMultipartUpload', { errorInBody: true });
    await objects.completeUpload('models', 'up/lie', id, parts);
    expect(await objects.head('models', 'up/lie')).toMatchObject({ size: 1 });
  });

  it('is not taken for complete because some other object is there', async () => {
    await objects.put('models', 'up/other', 'another object');
    const { id, parts } = await store.arrived('up/other', [Buffer.from('x')]);
    await objects.abortUpload('models', 'up/other', id);
    const failing = objects.completeUpload('models', 'up/other', id, parts);
    await expect(failing).rejects.toMatchObject({ kind: 'missing', code: 'NoSuchUpload' });
  });

  it('is refused with a part that never arrived', async () => {
    const { id } = await store.arrived('up/wrong', [Buffer.from('x')]);
    const failing = objects.completeUpload('models', 'up/wrong', id, [{ number: 1, etag: '0'.repeat(32) }]);
    await expect(failing).rejects.toMatchObject({ kind: 'invalid', code: 'InvalidPart' });
  });

  it('can be aborted twice', async () => {
    const { id } = await store.arrived('up/abort', [Buffer.from('x')]);
    await objects.abortUpload('models', 'up/abort', id);
    await objects.abortUpload('models', 'up/abort', id);
    await expect(objects.listParts('models', 'up/abort', id)).rejects.toMatchObject({ kind: 'missing' });
  });
});

describe('a store in trouble', () => {
  it('is asked again while it says 503', async () => {
    for (const operation of ['PutObject', 'GetObject', 'HeadObject', 'ListObjectsV2', 'DeleteObject']) {
      store.times(3, operation, { status: 503 });
      await objects.put('models', 'slow/one', 'x');
      expect((await buffer(await objects.read('models', 'slow/one'))).toString()).toBe('x');
      expect(await objects.head('models', 'slow/one')).toBeDefined();
      for await (const { key } of objects.list('models', 'slow/')) expect(key).toBe('slow/one');
      await objects.remove('models', 'slow/one');
    }
  });

  it('is asked again when it cut the connection after doing the work', async () => {
    for (const operation of ['PutObject', 'DeleteObject', 'UploadPart']) {
      store.times(1, operation, { loseAnswer: true });
      await objects.put('models', 'slow/two', Readable.from(Array.from({ length: 17 }, () => Buffer.alloc(mib))));
      await objects.put('models', 'slow/two', 'x');
      await objects.remove('models', 'slow/two');
    }
  });

  it('is unavailable when that does not end', async () => {
    store.times(1000, 'HeadObject', { status: 503 });
    await expect(objects.head('models', 'slow/one')).rejects.toMatchObject({ kind: 'unavailable', code: 'HTTP 503' });
  });

  it('begins no second upload when the answer to the first was lost', async () => {
    let begun = 0;
    store.fault = ({ operation }) =>
      operation === 'CreateMultipartUpload' && (begun += 1) ? { loseAnswer: true } : undefined;
    await expect(objects.createUpload('models', 'slow/begun')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(begun).toBe(1);
  });

  it('gets its connection back, though nobody reads the error', async () => {
    store.fault = () => ({ status: 503 });
    const { transport, transportAgent } = openConnections(false);
    const { hostname, port } = new URL(store.url);
    await new Promise(answered => {
      transport.request({ hostname, port, path: '/models', agent: transportAgent }, answered).end();
    });
    await expect.poll(() => Object.keys(transportAgent.sockets).length, { timeout: 2000 }).toBe(0);
  });

  it('is unavailable when nobody listens', async () => {
    const nowhere = openObjects({ endpoint: 'http://127.0.0.1:1', region, ...app });
    await expect(nowhere.ping()).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});
