import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startS3, type Fault } from '@arena/s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openObjects, sha256Of, type Objects } from './index.js';
import { app, mib, openFixture, readOnly, region, upload, type Fixture } from './store.fixture.js';

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

describe('a presigned URL', () => {
  it('names the public endpoint and works there', async () => {
    const elsewhere = store.url.replace('127.0.0.1', 'localhost');
    const outside = openObjects({ endpoint: store.url, publicEndpoint: elsewhere, region, ...app });
    await objects.put('models', 'pre/get', 'hello');
    const url = await outside.presignGet('models', 'pre/get', { expiresSeconds: 60, filename: 'Modell "ü" 1.onnx' });
    expect(url.startsWith(elsewhere)).toBe(true);
    const answer = await fetch(url.replace('localhost', '127.0.0.1'), { headers: { host: 'x' } });
    expect(answer.status).toBe(403);
    const { port } = new URL(elsewhere);
    const { status, disposition, body } = await getAs(url, `localhost:${port}`);
    expect([status, body]).toEqual([200, 'hello']);
    expect(disposition).toContain("filename*=UTF-8''Modell%20%22%C3%BC%22%201.onnx");
  });

  it('is refused for longer than a week', async () => {
    const asked = objects.presignGet('models', 'x', { expiresSeconds: 8 * 24 * 3600 });
    await expect(asked).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('carries no more than the grants of the key that signed it', async () => {
    const reader = openObjects({ endpoint: store.url, region, ...readOnly });
    const id = await objects.createUpload('models', 'pre/part');
    const url = await reader.presignPart('models', 'pre/part', id, 1, { expiresSeconds: 60 });
    expect((await upload(url, Buffer.from('x'))).status).toBe(403);
  });
});

async function getAs(url: string, host: string) {
  const { request } = await import('node:http');
  const { pathname, search, port } = new URL(url);
  return new Promise<{ status: number; disposition: string; body: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: pathname + search, headers: { host } }, response => {
      buffer(response).then(
        body =>
          resolve({
            status: response.statusCode ?? 0,
            disposition: String(response.headers['content-disposition']),
            body: body.toString(),
          }),
        reject,
      );
    });
    sent.on('error', reject).end();
  });
}

describe('reading', () => {
  it('reads a range', async () => {
    await objects.put('models', 'read/range', 'hello world');
    const read = async (start: number, end?: number) =>
      (
        await buffer(await objects.read('models', 'read/range', end === undefined ? { start } : { start, end }))
      ).toString();
    expect([await read(0, 4), await read(6), await read(6, 7)]).toEqual(['hello', 'world', 'wo']);
  });

  it('goes on where a connection broke, so that every byte comes once', async () => {
    const body = randomBytes(3 * mib);
    await objects.put('models', 'read/broken', body);
    store.times(3, 'GetObject', { truncateAfter: mib / 2 });
    expect((await buffer(await objects.read('models', 'read/broken'))).equals(body)).toBe(true);
    store.times(2, 'GetObject', { truncateAfter: 1000 });
    const middle = await buffer(await objects.read('models', 'read/broken', { start: 5000, end: 14_999 }));
    expect(middle.equals(body.subarray(5000, 15_000))).toBe(true);
  });

  it('fails, and does not end short, when the store never delivers', async () => {
    await objects.put('models', 'read/never', randomBytes(mib));
    let reads = 0;
    store.fault = ({ operation }) =>
      operation !== 'GetObject' ? undefined : (reads += 1) === 1 ? { truncateAfter: 1000 } : { truncateAfter: 0 };
    await expect(buffer(await objects.read('models', 'read/never'))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('fails when the object changed while it was read', async () => {
    await objects.put('models', 'read/changed', randomBytes(mib));
    store.times(1, 'GetObject', { truncateAfter: 200_000 });
    const stream = await objects.read('models', 'read/changed');
    await objects.put('models', 'read/changed', randomBytes(mib));
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'PreconditionFailed' });
  });

  it('lets go of the connection when the reader stops early', async () => {
    await objects.put('models', 'read/early', randomBytes(8 * mib));
    const stream = await objects.read('models', 'read/early');
    for await (const chunk of stream) {
      expect(chunk).toBeInstanceOf(Buffer);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it('says missing of what is not there', async () => {
    await expect(objects.read('models', 'none')).rejects.toMatchObject({ kind: 'missing', code: 'NoSuchKey' });
    expect(await objects.head('models', 'none')).toBeUndefined();
    await expect(objects.read('no-bucket', 'none')).rejects.toMatchObject({ kind: 'missing' });
  });
});

describe('writing', () => {
  it('puts a stream of unknown length, in parts where it is long', async () => {
    const chunks = Array.from({ length: 40 }, () => randomBytes(mib));
    await objects.put('models', 'write/long', Readable.from(chunks), { contentType: 'application/x-model' });
    const { sha256, size } = await sha256Of(await objects.read('models', 'write/long'));
    expect([sha256, size]).toEqual([createHash('sha256').update(Buffer.concat(chunks)).digest('hex'), 40 * mib]);
    await objects.put('models', 'write/short', Readable.from(['hel', 'lo']));
    expect((await buffer(await objects.read('models', 'write/short'))).toString()).toBe('hello');
    await objects.put('models', 'write/none', Readable.from([]));
    expect(await objects.head('models', 'write/none')).toMatchObject({ size: 0 });
  });

  it('leaves no object and no upload of a stream that fails', async () => {
    async function* failing() {
      for (let at = 0; at < 20; at += 1) yield randomBytes(mib);
      throw new Error('the source broke');
    }
    const asked: string[] = [];
    store.fault = ({ operation }) => void asked.push(operation);
    await expect(objects.put('models', 'write/failed', Readable.from(failing()))).rejects.toThrow('the source broke');
    expect(asked).toContain('AbortMultipartUpload');
    expect(await objects.head('models', 'write/failed')).toBeUndefined();
  });

  it('creates once', async () => {
    expect(await objects.put('models', 'write/once', 'first', { ifNoneMatch: '*' })).toMatchObject({ created: true });
    expect(await objects.put('models', 'write/once', 'second', { ifNoneMatch: '*' })).toEqual({ created: false });
    const long = Readable.from(Array.from({ length: 17 }, () => randomBytes(mib)));
    expect(await objects.put('models', 'write/once', long, { ifNoneMatch: '*' })).toEqual({ created: false });
    expect((await buffer(await objects.read('models', 'write/once'))).toString()).toBe('first');
  });

  it('copies and removes, what is gone too', async () => {
    await objects.put('models', 'write/from ü+', 'hello');
    await objects.copy({ bucket: 'models', key: 'write/from ü+' }, { bucket: 'models', key: 'write/to' });
    expect((await buffer(await objects.read('models', 'write/to'))).toString()).toBe('hello');
    await objects.remove('models', 'write/to');
    await objects.remove('models', 'write/to');
    expect(await objects.head('models', 'write/to')).toBeUndefined();
  });

  it('is not taken for a copy when the store says an error with status 200', async () => {
    await objects.put('models', 'write/lie', 'hello');
    store.times(100, 'CopyObject', { errorInBody: true });
    const failing = objects.copy({ bucket: 'models', key: 'write/lie' }, { bucket: 'models', key: 'write/lied' });
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('listing', () => {
  it('lists every key of a prefix, over pages, as it is written', async () => {
    const odd = ['list/007', 'list/1e5', 'list/a b+c&<d>', 'list/ü', 'list/%41'];
    const keys = [...odd, ...Array.from({ length: 13 }, (_, at) => `list/n/${String(at).padStart(4, '0')}`)];
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map(key => objects.put('models', key, 'x')));
    const found: string[] = [];
    for await (const { key, size } of objects.list('models', 'list/')) {
      expect(size).toBe(1);
      found.push(key);
    }
    expect(found).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});

describe('keys', () => {
  it('are told apart: known, unknown, wrong and not allowed', async () => {
    const as = (accessKey: string, secretKey: string) =>
      openObjects({ endpoint: store.url, region, accessKey, secretKey });
    await objects.ping();
    await as('reader', 'reader-secret').ping();
    await expect(as('nobody', 'x').ping()).rejects.toMatchObject({ kind: 'denied', code: 'InvalidAccessKeyId' });
    await expect(as('app', 'wrong').ping()).rejects.toMatchObject({ kind: 'denied', code: 'SignatureDoesNotMatch' });
    const denied = as('reader', 'reader-secret').put('models', 'x', 'secret body');
    await expect(denied).rejects.toMatchObject({ kind: 'denied', code: 'AccessDenied' });
    const error = await denied.catch((found: Error) => found);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/secret/);
  });

  it('may ensure a bucket that is there', async () => {
    await objects.ensureBucket('models');
    await openObjects({ endpoint: store.url, region, ...readOnly }).ensureBucket('models');
  });
});
