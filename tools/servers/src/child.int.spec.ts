import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startChild, untilReady } from './child.js';
import { assertDisk } from './disk.js';
import { isAlive } from './is-alive.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'arena-child-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const node = (name: string, script: string, patienceMs = 5_000) =>
  startChild({ name, command: process.execPath, args: ['-e', script], log: join(folder, `${name}.log`), patienceMs });

it('says in one line why a process ended at its start, with its last words and its log', async () => {
  const child = await node('early', 'console.error("first"); console.error("no licence"); process.exit(3)');
  await expect(untilReady(child, async () => false, 5_000)).rejects.toThrow(
    `early stopped at its start with exit code 3: no licence (log: ${child.log})`,
  );
});

it('says so when a process lives and never becomes ready, and ends it', async () => {
  const child = await node('silent', 'setInterval(() => {}, 1000)');
  await expect(untilReady(child, async () => false, 200)).rejects.toThrow(/silent did not become ready in 0.2 s/);
  expect(isAlive(child.pid)).toBe(false);
});

it('says so when there is no such program', async () => {
  const missing = startChild({ name: 'ghost', command: '/nowhere/ghost', args: [], log: join(folder, 'ghost.log') });
  await expect(missing).rejects.toThrow(/^ghost cannot be started: .*ENOENT/);
});

it('kills a process that does not heed the polite signal', async () => {
  const child = await node(
    'stubborn',
    'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)',
    300,
  );
  await vi.waitFor(async () => expect(await readFile(child.log, 'utf8')).toBe('up\n'), { timeout: 20_000 });
  await child.stop();
  expect((await child.exited).signal).toBe('SIGKILL');
});

it('ends what a killed parent has started, and removes its folder', async () => {
  const doomed = join(folder, 'doomed');
  const source = (file: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)).href);
  const script = `
    import { mkdirSync } from 'node:fs';
    import { startChild } from ${source('child.ts')};
    import { leash } from ${source('leash.ts')};
    mkdirSync(${JSON.stringify(doomed)});
    leash.remove(${JSON.stringify(doomed)});
    const child = await startChild({
      name: 'orphan', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'],
      log: ${JSON.stringify(join(doomed, 'log'))},
    });
    console.log(child.pid);
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
  await vi.waitFor(() => expect(existsSync(doomed)).toBe(false), { timeout: 20_000 });
});

it('refuses a folder with too little room, and says how much there is', async () => {
  await expect(assertDisk(folder, 2 ** 60)).rejects.toThrow(
    /^only \d+ MiB free under .*; 1099511627776 MiB are needed/,
  );
  await assertDisk(folder, 1);
});
