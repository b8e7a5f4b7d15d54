import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isAlive } from '@arena/servers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startService, type ServiceOptions } from './service.js';

let options: ServiceOptions;
let folder: string;
const reports: string[] = [];

/** A service in ten lines: ready after a moment, and it leaves when told to. */
const HEALTHY = `
  import { createServer } from 'node:http';
  console.log('starting');
  const from = Date.now() + 200;
  createServer((request, response) => {
    response.writeHead(request.url === '/readyz' && Date.now() > from ? 200 : 503).end();
  }).listen(Number(process.env.METRICS_PORT), '127.0.0.1');
  process.on('SIGTERM', () => { console.log('left politely'); process.exit(0); });
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-service-'));
  reports.length = 0;
  const ports = { http: await freePort(), metrics: await freePort() };
  options = {
    name: 'task-service',
    program: join(folder, 'main.mjs'),
    env: { PATH: process.env['PATH'] ?? '', METRICS_PORT: String(ports.metrics) },
    ports,
    log: join(folder, 'log'),
    report: line => reports.push(line),
  };
  await writeFile(options.program, HEALTHY);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const isReady = () => fetch(`http://127.0.0.1:${options.ports.metrics}/readyz`).then(({ ok }) => ok);

it('waits until a service says that it is ready, and stops it politely', async () => {
  const service = await startService(options);
  expect(await isReady()).toBe(true);
  await service.stop();
  expect(isAlive(service.pid())).toBe(false);
  expect(await readFile(options.log, 'utf8')).toContain('left politely');
  expect(reports).toEqual([]);
});

it('reports a service that dies with its last words, and starts it again', async () => {
  const service = await startService(options);
  const before = service.pid();
  process.kill(before, 'SIGKILL');
  await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 20_000 });
  expect(service.pid()).not.toBe(before);
  expect(reports).toEqual(['task-service stopped by SIGKILL; starts again in 0.5 s; its log says\n    starting']);
  await service.stop();
});

it('does not start a service again that was told to stop while it was dead', async () => {
  const service = await startService(options);
  process.kill(service.pid(), 'SIGKILL');
  await vi.waitFor(() => expect(reports).toHaveLength(1), { timeout: 20_000 });
  await service.stop();
  await new Promise(resolve => setTimeout(resolve, 800));
  await expect(isReady()).rejects.toThrow();
  expect(await readFile(options.log, 'utf8')).toBe('starting\n');
});

it('fails with the last lines of the log when a service dies before it is ready', async () => {
  await writeFile(options.program, 'console.error("DATABASE_URL is missing"); process.exit(1);');
  await expect(startService(options)).rejects.toThrow(
    /^task-service stopped with exit code 1; its log .* says\n {4}DATABASE_URL is missing$/,
  );
});

it('says so when the service was never built', async () => {
  await rm(options.program);
  await expect(startService(options)).rejects.toThrow('task-service is not built: run "npm run build"');
});
