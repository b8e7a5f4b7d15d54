import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';

let echo: Server;
let proxy: FaultProxy;
let client: Socket;

beforeEach(async () => {
  echo = createServer(socket => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startFaultProxy({ target: `127.0.0.1:${(echo.address() as { port: number }).port}` });
  client = await dial();
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  echo.close();
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(text: string): Promise<string> {
  client.write(text);
  return String((await once(client, 'data'))[0]);
}

it('carries bytes both ways', async () => {
  expect(await ask('ping')).toBe('ping');
});

it('breaks the connections of this moment and takes new ones', async () => {
  await ask('ping');
  proxy.cut();
  await once(client, 'close');
  client = await dial();
  expect(await ask('again')).toBe('again');
});

it('falls silent without breaking, and lets everything through in order afterwards', async () => {
  await ask('ping');
  proxy.pause();
  client.write('held, ');
  const silent = await Promise.race([once(client, 'data').then(() => false), sleep(150).then(() => true)]);
  expect(silent).toBe(true);
  client.write('and more');
  let heard = '';
  client.on('data', data => (heard += String(data)));
  proxy.resume();
  await expect.poll(() => heard, { timeout: 10_000 }).toBe('held, and more');
});

it('makes everything late', async () => {
  proxy.delay(100);
  const began = performance.now();
  expect(await ask('ping')).toBe('ping');
  expect(performance.now() - began).toBeGreaterThan(180);
});

it('takes nobody any more once closed', async () => {
  await proxy.close();
  await expect(dial()).rejects.toThrow();
});
