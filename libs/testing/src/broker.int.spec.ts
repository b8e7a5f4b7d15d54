import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { isFree } from '@arena/servers';
import { expect, it } from 'vitest';
import { openBroker } from './broker.js';
import { waitFor } from './wait-for.js';

const ask = async (broker: string, part: string) => {
  const answer = await fetch(`${broker}/${part}`);
  return { status: answer.status, body: await answer.text() };
};

it('starts a server once, however many ask at once, and tells what cannot be had', async () => {
  const broker = await openBroker();
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(broker.url, 'redis')));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect((await ask(broker.url, 'mainframe')).status).toBe(404);
  await broker.close();
  await expect(ask(broker.url, 'redis')).rejects.toThrow();
});

it('leaves no process and no file behind when the test runner is killed', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'arena-broker-'));
  await chmod(temporary, 0o711);
  const script = `
    import { openBroker } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'broker.ts')).href)};
    console.log((await openBroker()).url);
  `;
  const args = ['--import', 'tsx', '--conditions=@arena/source', '--input-type=module', '-e', script];
  const runner = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const [broker] = (await once(createInterface({ input: runner.stdout }), 'line')) as [string];
  const port = Number(new URL((JSON.parse((await ask(broker, 'postgres')).body) as { url: string }).url).port);
  expect(await isFree(port)).toBe(false);
  const ours = async () => (await readdir(temporary)).filter(name => name.startsWith('arena-test-'));
  expect(await ours()).toHaveLength(1);

  runner.kill('SIGKILL');
  await waitFor(() => isFree(port), { what: 'PostgreSQL to end', timeoutMs: 20_000 });
  await waitFor(async () => (await ours()).length === 0, { what: 'the folder to go', timeoutMs: 20_000 });
  await rm(temporary, { recursive: true });
});
