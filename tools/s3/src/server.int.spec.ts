import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawS3 } from './conformance/raw.js';
import { complete, mib, putPart, startUpload } from './conformance/rule.js';
import type { Fault } from './faults.js';
import { startS3, type S3Server } from './server.js';

const region = 'us-east-1';
const keys = [
  { accessKey: 'app', secretKey: 'app-secret', grants: '*' as const },
  {
    accessKey: 'trainer',
    secretKey: 'trainer-secret',
    grants: { models: 'write' as const, datasets: 'read' as const },
  },
];

let folder: string;
let server: S3Server;
let fault: Fault | undefined;
let app: RawS3;
let trainer: RawS3;

async function start(): Promise<void> {
  server = await startS3({ folder, keys, faults: () => fault });
  app = new RawS3(server.url, { accessKey: 'app', secretKey: 'app-secret', region });
  trainer = app.as({ accessKey: 'trainer', secretKey: 'trainer-secret' });
}

beforeEach(async () => {
  fault = undefined;
  folder = await mkdtemp(join(tmpdir(), 'arena-s3-'));
  await start();
  for (const bucket of ['models', 'datasets', 'hidden']) await app.call('PUT', bucket);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const files = async (path: string) => (await readdir(join(folder, path))).length;

describe('a key with grants', () => {
  it('reads, writes and sees what it was given, nothing else', async () => {
    await app.call('PUT', 'datasets', 'a', { body: 'x' });
    expect((await trainer.call('PUT', 'models', 'a', { body: 'x' })).status).toBe(200);
    expect((await trainer.call('GET', 'datasets', 'a')).status).toBe(200);
    expect((await trainer.call('PUT', 'datasets', 'a', { body: 'y' })).code).toBe('AccessDenied');
    expect((await trainer.call('DELETE', 'datasets', 'a')).code).toBe('AccessDenied');
    expect((await trainer.call('GET', 'hidden', 'a')).code).toBe('AccessDenied');
    expect((await trainer.call('GET', 'unknown', 'a')).code).toBe('AccessDenied');
    expect((await trainer.call('PUT', 'models')).code).toBe('AccessDenied');
    const { text } = await trainer.call('GET', '');
    expect([text.includes('models'), text.includes('datasets'), text.includes('hidden')]).toEqual([true, true, false]);
  });

  it('signs URLs that may do no more than it may', async () => {
    await app.call('PUT', 'datasets', 'a', { body: 'x' });
    expect((await trainer.send('GET', trainer.presign('GET', 'datasets', 'a', 60))).status).toBe(200);
    expect((await trainer.send('PUT', trainer.presign('PUT', 'datasets', 'a', 60), {}, 'y')).code).toBe('AccessDenied');
    expect((await trainer.send('GET', trainer.presign('GET', 'hidden', 'a', 60))).code).toBe('AccessDenied');
  });

  it('copies only from what it may read', async () => {
    await app.call('PUT', 'hidden', 'a', { body: 'x' });
    const headers = { 'x-amz-copy-source': '/hidden/a' };
    expect((await trainer.call('PUT', 'models', 'stolen', { headers })).code).toBe('AccessDenied');
    const target = { raw: trainer, bucket: 'models', minio: undefined as never };
    const uploadId = await startUpload(target, 'stolen');
    const part = { query: { uploadId, partNumber: '1' }, headers };
    expect((await trainer.call('PUT', 'models', 'stolen', part)).code).toBe('AccessDenied');
  });
});

describe('after a restart', () => {
  it('everything is there: objects, unfinished uploads, CORS', async () => {
    await app.call('PUT', 'models', 'k/🎲', { body: 'hello', headers: { 'x-amz-meta-a': 'b' } });
    const target = { raw: app, bucket: 'models', minio: undefined as never };
    const id = await startUpload(target, 'up');
    const part = await putPart(target, 'up', id, 1, 'part');
    const cors =
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>';
    await app.call('PUT', 'models', '', { query: { cors: '' }, body: cors });
    await server.close();
    await start();
    const read = await app.call('GET', 'models', 'k/🎲');
    expect([read.text, read.headers['x-amz-meta-a']]).toEqual(['hello', 'b']);
    expect((await app.call('GET', 'models', '', { query: { cors: '' } })).text).toContain('<AllowedOrigin>*<');
    expect((await complete({ ...target, raw: app }, 'up', id, [part])).status).toBe(200);
    expect((await app.call('GET', 'models', 'up')).text).toBe('part');
  });

  it('an upload is over whose object is there, though its folder is too', async () => {
    const target = { raw: app, bucket: 'models', minio: undefined as never };
    const id = await startUpload(target, 'up');
    const part = await putPart(target, 'up', id, 1, 'part');
    const uploads = join(folder, 'buckets/models/uploads');
    await cp(join(uploads, id), join(folder, 'kept'), { recursive: true });
    await complete(target, 'up', id, [part]);
    await server.close();
    await rename(join(folder, 'kept'), join(uploads, id));
    await start();
    expect((await app.call('DELETE', 'models', 'up', { query: { uploadId: id } })).code).toBe('NoSuchUpload');
    expect((await app.call('GET', 'models', 'up')).text).toBe('part');
  });

  it('nothing is left of what was half done', async () => {
    await app.call('PUT', 'models', 'a', { body: 'hello' });
    await server.close();
    await writeFile(join(folder, 'data', 'orphan'), 'half an object');
    await writeFile(join(folder, 'tmp', 'record'), '{"half":');
    await start();
    expect([await files('data'), await files('tmp')]).toEqual([1, 0]);
    expect((await app.call('GET', 'models', 'a')).text).toBe('hello');
  });
});

describe('the folder', () => {
  it('keeps no bytes that no object needs', async () => {
    const target = { raw: app, bucket: 'models', minio: undefined as never };
    for (const body of ['one', 'two']) await app.call('PUT', 'models', 'a', { body });
    await app.call('PUT', 'models', 'a', { body: 'three', headers: { 'if-none-match': '*' } });
    await app.call('PUT', 'models', 'bad', {
      body: 'x',
      headers: { 'content-md5': Buffer.alloc(16).toString('base64') },
    });
    const id = await startUpload(target, 'up');
    await putPart(target, 'up', id, 1, 'unused');
    const part = await putPart(target, 'up', id, 2, 'used');
    await complete(target, 'up', id, [part]);
    const aborted = await startUpload(target, 'up');
    await putPart(target, 'up', aborted, 1, 'x');
    await app.call('DELETE', 'models', 'up', { query: { uploadId: aborted } });
    expect([await files('data'), await files('tmp'), await files('buckets/models/uploads')]).toEqual([2, 0, 0]);
    await app.call('DELETE', 'models', 'a');
    await app.call('DELETE', 'models', 'up');
    expect(await files('data')).toBe(0);
  });

  it('belongs to one server at a time', async () => {
    await expect(startS3({ folder, keys })).rejects.toThrow('another S3 server');
  });

  it('takes names only from us', async () => {
    await app.call('PUT', 'models', '../../../../escaped', { body: 'x' });
    await app.call('PUT', 'models', '/etc/passwd', { body: 'x' });
    expect(await readdir(folder)).toEqual(['buckets', 'data', 'tmp']);
    expect(await readdir(join(folder, 'buckets'))).toEqual(['datasets', 'hidden', 'models']);
  });
});

describe('a reader', () => {
  it('gets the whole of the version that it began, whatever is written meanwhile', async () => {
    const half = Buffer.alloc(12 * mib, 'a');
    const body = Buffer.concat([half, half]);
    const target = { raw: app, bucket: 'models', minio: undefined as never };
    const id = await startUpload(target, 'big');
    const parts = [await putPart(target, 'big', id, 1, half), await putPart(target, 'big', id, 2, half)];
    await complete(target, 'big', id, parts);
    const answer = await fetch(server.url + app.presign('GET', 'models', 'big', 60));
    const reader = answer.body!.getReader();
    let size = (await reader.read()).value!.length;
    await app.call('PUT', 'models', 'big', { body: 'small' });
    await app.call('DELETE', 'models', 'big');
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      expect(Buffer.from(next.value).equals(body.subarray(0, next.value.length))).toBe(true);
      size += next.value.length;
    }
    expect(size).toBe(body.length);
    await expect.poll(() => files('data')).toBe(0);
  });
});

describe('bad requests', () => {
  const speak = async (bytes: string) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.end(bytes);
    return text(socket);
  };

  it('get an answer and do no harm', async () => {
    expect(await speak('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*<Error>/);
    expect(await speak(`GET /models/${'x'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 4/);
    expect(await speak('GET /%ff/%zz HTTP/1.1\r\nhost: x\r\n\r\n')).toContain('InvalidURI');
    expect((await app.call('PATCH', 'models', 'a')).code).toBe('MethodNotAllowed');
    expect((await app.call('GET', 'models')).code).toBe('NotImplemented');
    expect((await app.call('PUT', 'models', 'a', { query: { acl: '' }, body: 'x' })).code).toBe('NotImplemented');
    const secured = { body: 'x', headers: { 'x-amz-server-side-encryption': 'AES256' } };
    expect((await app.call('PUT', 'models', 'a', secured)).code).toBe('NotImplemented');
    expect(
      (await app.call('PUT', 'models', 'a', { body: 'x', headers: { 'x-amz-meta-a': 'x'.repeat(3000) } })).code,
    ).toBe('MetadataTooLarge');
    const evil = { query: { 'response-content-disposition': 'a\r\nset-cookie: b' } };
    await app.call('PUT', 'models', 'a', { body: 'x' });
    expect((await app.call('GET', 'models', 'a', evil)).code).toBe('InvalidArgument');
    expect((await app.call('GET', 'models', 'a')).text).toBe('x');
  });

  it('leave nothing of a body that stops on the way', async () => {
    const { target, headers } = app.sign('PUT', 'models', 'cut', { payload: 'UNSIGNED-PAYLOAD' });
    const lines = Object.entries({ host: new URL(server.url).host, ...headers, 'content-length': '1000' });
    await speak(
      `PUT ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\nhalf a body`,
    );
    expect((await app.call('GET', 'models', 'cut')).status).toBe(404);
    await expect.poll(() => files('data')).toBe(0);
  });

  it('are drained, so that a client which reads only after it has sent gets its answer', async () => {
    const body = Buffer.alloc(64 * mib, ' ');
    const { target, headers } = app.sign('POST', 'models', '', { query: { delete: '' }, payload: 'UNSIGNED-PAYLOAD' });
    const lines = Object.entries({ host: new URL(server.url).host, ...headers, 'content-length': body.length });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    await new Promise((resolve, reject) => socket.once('error', reject).write(body, resolve));
    const answer = await new Promise<string>(resolve => socket.once('data', data => resolve(data.toString())));
    socket.destroy();
    expect(answer).toContain('EntityTooLarge');
  });

  it('are refused before the body is sent, when the client asks', async () => {
    const lines = 'PUT /models/a HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1000000\r\n\r\n';
    const socket = connect(server.port, '127.0.0.1');
    socket.write(lines);
    const answer = await new Promise<string>(resolve => socket.once('data', data => resolve(data.toString())));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 403/);
  });
});

describe('a fault that a test asks for', () => {
  it('happens as told', async () => {
    await app.call('PUT', 'models', 'a', { body: 'hello world' });
    fault = { status: 503 };
    expect(await app.call('GET', 'models', 'a')).toMatchObject({ status: 503, code: 'SlowDown' });
    fault = { truncateAfter: 5 };
    await expect(app.call('GET', 'models', 'a')).rejects.toThrow('aborted');
    fault = { delayMs: 80 };
    const began = performance.now();
    expect((await app.call('GET', 'models', 'a')).text).toBe('hello world');
    expect(performance.now() - began).toBeGreaterThan(75);
    fault = { loseAnswer: true };
    await expect(app.call('PUT', 'models', 'lost', { body: 'x' })).rejects.toThrow();
    fault = undefined;
    expect((await app.call('GET', 'models', 'lost')).text).toBe('x');
  });
});
