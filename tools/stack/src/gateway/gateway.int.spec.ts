import { once } from 'node:events';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startGateway, type Gateway } from './gateway.js';

let folder: string;
let gateway: Gateway;
let upstream: Server;
let answer: (...request: Parameters<RequestListener>) => unknown;
const seen: IncomingMessage[] = [];

const portOf = (server: Server) => (server.address() as { port: number }).port;
const address = (path: string) => `http://127.0.0.1:${gateway.port}${path}`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-gateway-'));
  seen.length = 0;
  upstream = createServer((incoming, outgoing) => {
    seen.push(incoming);
    answer(incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const target = { host: '127.0.0.1', port: portOf(upstream) };
  gateway = await startGateway({
    port: 0,
    openApiFile: join(folder, 'openapi.json'),
    targetOf: service => (service === 'task-service' ? target : undefined),
    silenceMs: 1_000,
  });
});

afterEach(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
  await rm(folder, { recursive: true, force: true });
});

it('hands a request on with its query, body and method, and the answer back with its status and headers', async () => {
  answer = async (incoming, outgoing) => {
    const body = (await incoming.toArray()).join('');
    outgoing.writeHead(201, { etag: '"7"', connection: 'x-private', 'x-private': '1' }).end(`got ${body}`);
  };
  const response = await fetch(address('/v1/tasks?limit=3'), {
    method: 'POST',
    body: 'hello',
    headers: { 'x-request-id': 'mine', 'x-forwarded-for': '8.8.8.8' },
  });
  expect([response.status, await response.text()]).toEqual([201, 'got hello']);
  expect(response.headers.get('etag')).toBe('"7"');
  expect(response.headers.get('x-request-id')).toBe('mine');
  expect(response.headers.get('x-private')).toBeNull();
  expect([seen[0]?.method, seen[0]?.url]).toEqual(['POST', '/v1/tasks?limit=3']);
  expect(seen[0]?.headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': `127.0.0.1:${gateway.port}`,
    'x-request-id': 'mine',
  });
});

it('lets each event of a stream through as it comes', async () => {
  let send: (text: string) => void = () => undefined;
  answer = (_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    send = text => outgoing.write(text);
    outgoing.flushHeaders();
  };
  const response = await fetch(address('/v1/tasks'));
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  // Longer than the silence that is allowed before an answer starts: a started one may pause.
  await sleep(1_300);
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    send(event);
    expect(decoder.decode((await reader?.read())?.value)).toBe(event);
  }
  await reader?.cancel();
  await vi.waitFor(() => expect(seen[0]?.socket.destroyed).toBe(true), { timeout: 10_000 });
});

it('breaks a stream off on one side when the other has gone, and ends it when it has ended', async () => {
  answer = (_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    setTimeout(() => (seen.length === 1 ? outgoing.destroy() : outgoing.end('event: end\n\n')), 50);
  };
  await expect((await fetch(address('/v1/tasks'))).text()).rejects.toThrow();
  expect(await (await fetch(address('/v1/tasks'))).text()).toBe('data: 1\n\nevent: end\n\n');
});

it('asks for no more of a stream than its follower takes', async () => {
  let written = 0;
  answer = async (_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece = Buffer.alloc(64 * 1024, 46); !outgoing.destroyed; written += piece.length)
      await new Promise(resolve => outgoing.write(piece, resolve));
  };
  const follower = request(address('/v1/tasks')).end();
  await once(follower, 'response');
  for (let before = -1; before !== written;) {
    before = written;
    await sleep(300);
  }
  expect(written).toBeLessThan(64 * 1024 * 1024);
  follower.destroy();
  await vi.waitFor(() => expect(seen[0]?.socket.destroyed).toBe(true), { timeout: 10_000 });
});

it('brings an early refusal to a client that is still sending', async () => {
  answer = (incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(413).end('too large');
  };
  const response = await fetch(address('/v1/tasks'), { method: 'POST', body: Buffer.alloc(20 * 1024 * 1024) });
  expect([response.status, await response.text()]).toEqual([413, 'too large']);
});

it('passes a big upload on while it is still coming', async () => {
  const piece = Buffer.alloc(256 * 1024, 7);
  let received = 0;
  answer = (incoming, outgoing) => {
    incoming.on('data', (data: Buffer) => (received += data.length));
    incoming.on('end', () => outgoing.end(String(received)));
  };
  const upload = request(address('/v1/datasets'), { method: 'PUT' });
  upload.write(piece);
  await vi.waitFor(() => expect(received).toBe(piece.length), { timeout: 10_000 });
  for (let count = 1; count < 64; count++) {
    if (!upload.write(piece)) await once(upload, 'drain');
  }
  upload.end();
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect((await response.toArray()).join('')).toBe(String(64 * piece.length));
});

it.each([
  ['a service that does not run', '/v1/webhooks', 502, 'service/upstream'],
  ['a path that nobody owns', '/v1/nothing', 404, 'route/unknown'],
])('answers for %s with a problem', async (_, path, status, code) => {
  const response = await fetch(address(path));
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    code,
    status,
    instance: path,
    traceId: response.headers.get('x-request-id'),
  });
});

it('answers 502 when the service hangs up, and goes on', async () => {
  answer = incoming => void incoming.socket.destroy();
  const response = await fetch(address('/v1/tasks'), { method: 'POST', body: '{}' });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([502, 'service/upstream']);
  answer = (_, outgoing) => void outgoing.end('fine');
  expect(await (await fetch(address('/v1/tasks'))).text()).toBe('fine');
});

it('answers 504 when the service stays silent', async () => {
  answer = () => undefined;
  const response = await fetch(address('/v1/tasks'));
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([504, 'service/timeout']);
});

it('does not let a cut answer look like a whole one', async () => {
  answer = (_, outgoing) => {
    outgoing.writeHead(200, { 'content-length': '1000' });
    outgoing.write('only this', () => outgoing.destroy());
  };
  await expect(fetch(address('/v1/tasks')).then(response => response.text())).rejects.toThrow();
});

it('repeats a read that met a connection at its end', async () => {
  answer = (_, outgoing) => void outgoing.end('first');
  await (await fetch(address('/v1/tasks'))).text();
  let calls = 0;
  answer = (incoming, outgoing) => void (++calls === 1 ? incoming.socket.resetAndDestroy() : outgoing.end('again'));
  expect(await (await fetch(address('/v1/tasks'))).text()).toBe('again');
});

it('serves its health, the OpenAPI document and a page that shows it', async () => {
  expect(await (await fetch(address('/healthz'))).json()).toEqual({ status: 'ok' });
  expect((await fetch(address('/v1/openapi.json'))).status).toBe(404);
  await writeFile(join(folder, 'openapi.json'), '{"openapi":"3.1.0"}');
  expect(await (await fetch(address('/v1/openapi.json'))).json()).toEqual({ openapi: '3.1.0' });
  const docs = await fetch(address('/'));
  expect(docs.url).toBe(address('/docs'));
  expect(await docs.text()).toContain('/v1/openapi.json');
});
