// Bodies of bytes, on a route of the table and a real server.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { SMALL_MODEL_BYTES } from '@arena/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSubmissionsApp, submission, type SubmissionsApp } from './fixture/submissions-app.js';

const PATH = '/v1/submissions/small?task=1&filename=a.onnx';
const OCTETS = 'application/octet-stream';

describe('a route that takes bytes', () => {
  let app: SubmissionsApp;
  let token: string;
  let got: Uint8Array[];

  beforeAll(async () => {
    app = await startSubmissionsApp();
    ({ token } = await app.key());
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    got = [];
    app.handlers.small = async ({ body }) => {
      got.push(body);
      return submission(got.length) as never;
    };
  });

  const headersOf = (more: Record<string, string> = {}) => ({
    authorization: `Bearer ${token}`,
    'content-type': OCTETS,
    'idempotency-key': randomUUID(),
    ...more,
  });
  async function send(body: string | Uint8Array | ReadableStream, headers: Record<string, string> = {}, path = PATH) {
    const init = { method: 'POST', headers: headersOf(headers), ...(body === undefined ? {} : { body }) };
    const response = await fetch(app.origin + path, {
      ...init,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    });
    const answer = (await response.json()) as { code?: string; version?: number };
    return { status: response.status, code: answer.code, version: answer.version, headers: response.headers };
  }
  const inPieces = (bytes: Uint8Array, size = 60_001) =>
    new ReadableStream({
      pull(stream) {
        stream.enqueue(bytes.subarray(0, size));
        bytes = bytes.subarray(size);
        if (bytes.length === 0) stream.close();
      },
    });

  it('hands on exactly the bytes that came, up to its own limit, with a length and without', async () => {
    const bytes = randomBytes(SMALL_MODEL_BYTES);
    expect((await send(bytes)).status).toBe(202);
    expect((await send(inPieces(bytes))).status).toBe(202);
    expect(got.map(body => Buffer.compare(body, bytes))).toEqual([0, 0]);
    expect(got.every(body => body.buffer.byteLength === SMALL_MODEL_BYTES)).toBe(true);
  });

  it('refuses one byte more, with a length and without, and the next request finds a good line', async () => {
    const bytes = randomBytes(SMALL_MODEL_BYTES + 1);
    for (const body of [bytes, inPieces(bytes)])
      expect(await send(body)).toMatchObject({ status: 413, code: 'request/too-large' });
    expect((await send(randomBytes(10))).status).toBe(202);
    expect(got).toHaveLength(1);
  });

  it('takes an empty body as no bytes', async () => {
    expect((await send(new Uint8Array())).status).toBe(202);
    expect(got).toEqual([Buffer.alloc(0)]);
  });

  it.each([
    ['JSON', '{}', 'application/json'],
    ['text', 'bytes', 'text/plain'],
    ['a body without a type', randomBytes(9), ''],
  ])('refuses %s', async (_, body, type) => {
    expect(await send(body, { 'content-type': type })).toMatchObject({ status: 415, code: 'request/media-type' });
    expect(got).toEqual([]);
  });

  it('refuses to do without a body', async () => {
    const { 'content-type': _type, ...headers } = headersOf();
    const response = await fetch(app.origin + PATH, { method: 'POST', headers });
    expect(response.status).toBe(415);
  });

  const dial = () => connect(Number(new URL(app.origin).port), '127.0.0.1');
  const head = (length: string, headers: Record<string, string>) =>
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\n${length}\r\n` +
    `${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`; // prettier-ignore

  it.each([
    ['looks at who calls before it reads', { 'content-type': OCTETS }, '401 Unauthorized'],
    ['looks at the type before it reads', { 'content-type': 'text/plain' }, '415 Unsupported'],
    ['looks at the length before it reads', { 'content-type': 'application/json' }, '413 Payload'],
  ])('%s, and reads out what it refused: the line serves the next', async (_, headers, status) => {
    const socket = dial();
    socket.write(`${head(`content-length: ${SMALL_MODEL_BYTES}`, headers)}x`);
    expect(String((await once(socket, 'data'))[0])).toContain(status);
    const next = once(socket, 'data');
    socket.write(Buffer.alloc(SMALL_MODEL_BYTES - 1));
    socket.write(head('content-length: 0', {}));
    expect(String((await next)[0])).toContain('401 Unauthorized');
    socket.destroy();
  });

  it('hangs up on a refused client that does not come to an end', async () => {
    const socket = dial();
    let closed = false;
    socket.resume().on('error', () => undefined).on('close', () => (closed = true)); // prettier-ignore
    socket.write(head('transfer-encoding: chunked', headersOf()));
    const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(1024 * 1024), Buffer.from('\r\n')]);
    let sent = 0;
    while (!socket.destroyed && sent++ < 200) await new Promise(resolve => socket.write(piece, resolve));
    await vi.waitFor(() => expect(closed).toBe(true));
    expect(sent).toBeGreaterThan(30);
    expect(got).toEqual([]);
  });

  it('does not wait for ever for what was announced', async () => {
    const socket = dial();
    socket.write(`${head('content-length: 100', headersOf())}half`);
    socket.resume().end();
    await once(socket, 'close');
    expect((await send(randomBytes(3))).status).toBe(202);
    expect(got.map(({ length }) => length)).toEqual([3]);
  });

  it('does a thing once for a key, and tells other bytes by their hash', async () => {
    const bytes = randomBytes(1_000);
    const key = { 'idempotency-key': randomUUID() };
    const first = await send(bytes, key);
    const again = await send(bytes, key);
    expect([again.version, again.headers.get('idempotency-replayed')]).toEqual([first.version, 'true']);
    expect(await send(randomBytes(1_000), key)).toMatchObject({ status: 422, code: 'idempotency/reused' });
    expect(await send(bytes, key, PATH.replace('a.onnx', 'b.onnx'))).toMatchObject({ code: 'idempotency/reused' });
    const kept = await app.database.read.query('SELECT * FROM idempotency WHERE key = $1', [key['idempotency-key']]);
    expect(JSON.stringify(kept)).not.toContain(createHash('sha256').update(bytes).digest('base64'));
    expect(JSON.stringify(kept).length).toBeLessThan(3_000);
  });
});
