import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startS3, type Fault, type FaultRequest, type S3Server } from '@arena/s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openObjects, sha256Of, type Objects } from './index.js';

const region = 'us-east-1';
const app = { accessKey: 'app', secretKey: 'app-secret' };
const mib = 1024 * 1024;

let folder: string;
let server: S3Server;
let objects: Objects;
/** What the server does wrong; emptied after each test. */
let fault: (request: FaultRequest) => Fault | undefined = () => undefined;

const times = (count: number, operation: string, wrong: Fault) => {
  let left = count;
  fault = request => (request.operation === operation && left-- > 0 ? wrong : undefined);
};

const upload = (url: string, body: Buffer) => fetch(url, { method: 'PUT', body: new Uint8Array(body) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-objects-'));
  server = await startS3({
    folder,
    keys: [
      { ...app, grants: '*' },
      { accessKey: 'reader', secretKey: 'reader-secret', grants: { models: 'read' } },
    ],
    faults: request => fault(request),
  });
  objects = openObjects({ endpoint: server.url, region, ...app });
  await objects.ensureBucket('models');
});

beforeEach(() => {
  fault = () => undefined;
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function arrived(key: string, bodies: readonly Buffer[]) {
  const id = await objects.createUpload('models', key, { contentType: 'application/x-model' });
  for (const [at, body] of bodies.entries()) {
    const url = await objects.presignPart('models', key, id, at + 1, { expiresSeconds: 60 });
    expect((await upload(url, body)).status).toBe(200);
  }
  return { id, parts: await objects.listParts('models', key, id) };
}

describe('an upload', () => {
  it('goes up by presigned parts and comes down whole', async () => {
    const bodies = [randomBytes(5 * mib), randomBytes(1000)];
    const { id, parts } = await arrived('up/whole', bodies);
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
      Array.from({ length: 1003 }, (_, at) =>
        objects.presignPart('models', 'up/many', id, at + 1, { expiresSeconds: 60 }),
      ),
    );
    for (let at = 0; at < urls.length; at += 50)
      await Promise.all(urls.slice(at, at + 50).map(url => upload(url, Buffer.from('x'))));
    const parts = await objects.listParts('models', 'up/many', id);
    expect(parts.map(part => part.number)).toEqual(urls.map((_, at) => at + 1));
  });

  it('can be completed again after it was', async () => {
    const { id, parts } = await arrived('up/again', [Buffer.from('x')]);
    const first = await objects.completeUpload('models', 'up/again', id, parts);
    expect(await objects.completeUpload('models', 'up/again', id, parts)).toEqual(first);
  });

  it('is complete when the answer to that was lost', async () => {
    const { id, parts } = await arrived('up/lost', [Buffer.from('x')]);
    times(1, 'CompleteMultipartUpload', { loseAnswer: true });
    await objects.completeUpload('models', 'up/lost', id, parts);
    expect(await objects.head('models', 'up/lost')).toMatchObject({ size: 1 });
  });

  it('is not taken for complete when the store says an error with status 200', async () => {
    const { id, parts } = await arrived('up/lie', [Buffer.from('x')]);
    times(100, 'CompleteMultipartUpload', { errorInBody: true });
    const failing = objects.completeUpload('models', 'up/lie', id, parts);
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable', code: 'InternalError' });
    expect(await objects.head('models', 'up/lie')).toBeUndefined();
    times(2, 'CompleteMultipartUpload', { errorInBody: true });
    await objects.completeUpload('models', 'up/lie', id, parts);
    expect(await objects.head('models', 'up/lie')).toMatchObject({ size: 1 });
  });

  it('is not taken for complete because some other object is there', async () => {
    await objects.put('models', 'up/other', 'another object');
    const { id, parts } = await arrived('up/other', [Buffer.from('x')]);
    await objects.abortUpload('models', 'up/other', id);
    const failing = objects.completeUpload('models', 'up/other', id, parts);
    await expect(failing).rejects.toMatchObject({ kind: 'missing', code: 'NoSuchUpload' });
  });

  it('is refused with a part that never arrived', async () => {
    const { id } = await arrived('up/wrong', [Buffer.from('x')]);
    const failing = objects.completeUpload('models', 'up/wrong', id, [{ number: 1, etag: '0'.repeat(32) }]);
    await expect(failing).rejects.toMatchObject({ kind: 'invalid', code: 'InvalidPart' });
  });

  it('can be aborted twice', async () => {
    const { id } = await arrived('up/abort', [Buffer.from('x')]);
    await objects.abortUpload('models', 'up/abort', id);
    await objects.abortUpload('models', 'up/abort', id);
    await expect(objects.listParts('models', 'up/abort', id)).rejects.toMatchObject({ kind: 'missing' });
  });
});

describe('a presigned URL', () => {
  it('names the public endpoint and works there', async () => {
    const elsewhere = server.url.replace('127.0.0.1', 'localhost');
    const outside = openObjects({ endpoint: server.url, publicEndpoint: elsewhere, region, ...app });
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
    const reader = openObjects({ endpoint: server.url, region, accessKey: 'reader', secretKey: 'reader-secret' });
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
    times(3, 'GetObject', { truncateAfter: mib / 2 });
    expect((await buffer(await objects.read('models', 'read/broken'))).equals(body)).toBe(true);
    times(2, 'GetObject', { truncateAfter: 1000 });
    const middle = await buffer(await objects.read('models', 'read/broken', { start: 5000, end: 14_999 }));
    expect(middle.equals(body.subarray(5000, 15_000))).toBe(true);
  });

  it('fails, and does not end short, when the store never delivers', async () => {
    await objects.put('models', 'read/never', randomBytes(mib));
    let reads = 0;
    fault = ({ operation }) =>
      operation !== 'GetObject' ? undefined : (reads += 1) === 1 ? { truncateAfter: 1000 } : { truncateAfter: 0 };
    await expect(buffer(await objects.read('models', 'read/never'))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('fails when the object changed while it was read', async () => {
    await objects.put('models', 'read/changed', randomBytes(mib));
    times(1, 'GetObject', { truncateAfter: 200_000 });
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
    fault = ({ operation }) => void asked.push(operation);
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
    times(100, 'CopyObject', { errorInBody: true });
    const failing = objects.copy({ bucket: 'models', key: 'write/lie' }, { bucket: 'models', key: 'write/lied' });
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('listing', () => {
  it('lists every key of a prefix, over pages, as it is written', async () => {
    const odd = ['list/007', 'list/1e5', 'list/a b+c&<d>', 'list/ü', 'list/%41'];
    const keys = [...odd, ...Array.from({ length: 1010 }, (_, at) => `list/n/${String(at).padStart(4, '0')}`)];
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

describe('a store in trouble', () => {
  it('is asked again while it says 503', async () => {
    for (const operation of ['PutObject', 'GetObject', 'HeadObject', 'ListObjectsV2', 'DeleteObject']) {
      times(3, operation, { status: 503 });
      await objects.put('models', 'slow/one', 'x');
      expect((await buffer(await objects.read('models', 'slow/one'))).toString()).toBe('x');
      expect(await objects.head('models', 'slow/one')).toBeDefined();
      for await (const { key } of objects.list('models', 'slow/')) expect(key).toBe('slow/one');
      await objects.remove('models', 'slow/one');
    }
  });

  it('is asked again when it cut the connection after doing the work', async () => {
    for (const operation of ['PutObject', 'DeleteObject', 'UploadPart']) {
      times(1, operation, { loseAnswer: true });
      await objects.put('models', 'slow/two', Readable.from(Array.from({ length: 17 }, () => Buffer.alloc(mib))));
      await objects.put('models', 'slow/two', 'x');
      await objects.remove('models', 'slow/two');
    }
  });

  it('is unavailable when that does not end', async () => {
    times(1000, 'HeadObject', { status: 503 });
    await expect(objects.head('models', 'slow/one')).rejects.toMatchObject({ kind: 'unavailable', code: 'HTTP 503' });
  });

  it('begins no second upload when the answer to the first was lost', async () => {
    let begun = 0;
    fault = ({ operation }) =>
      operation === 'CreateMultipartUpload' && (begun += 1) ? { loseAnswer: true } : undefined;
    await expect(objects.createUpload('models', 'slow/begun')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(begun).toBe(1);
  });

  it('gives its connections back after errors', async () => {
    times(200, 'HeadObject', { status: 503 });
    await Promise.allSettled(Array.from({ length: 30 }, () => objects.head('models', 'slow/any')));
    fault = () => undefined;
    await Promise.all(Array.from({ length: 100 }, () => objects.head('models', 'slow/any')));
  });

  it('is unavailable when nobody listens', async () => {
    const nowhere = openObjects({ endpoint: 'http://127.0.0.1:1', region, ...app });
    await expect(nowhere.ping()).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});

describe('keys', () => {
  it('are told apart: known, unknown, wrong and not allowed', async () => {
    const as = (accessKey: string, secretKey: string) =>
      openObjects({ endpoint: server.url, region, accessKey, secretKey });
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
    await openObjects({ endpoint: server.url, region, accessKey: 'reader', secretKey: 'reader-secret' }).ensureBucket(
      'models',
    );
  });
});
