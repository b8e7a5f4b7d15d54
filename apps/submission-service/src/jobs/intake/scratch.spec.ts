import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openScratch } from './scratch.js';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'arena-scratch-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const never = new AbortController().signal;
const files = async () => (await readdir(root, { recursive: true })).filter(path => path.endsWith('x'));

it('gives each job a folder of its own, which is gone when it ends, also by failing', async () => {
  const scratch = openScratch(root, 100);
  const leave = (folder: string) => writeFile(join(folder, 'x'), '');
  await scratch.use(10, never, async folder => {
    await leave(folder);
    expect(await files()).toHaveLength(1);
  });
  await expect(scratch.use(10, never, folder => leave(folder).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no'); // prettier-ignore
  expect(await files()).toEqual([]);
});

it('lets in who fits, in the order of asking, and one alone however large', async () => {
  const scratch = openScratch(root, 100);
  const entered: string[] = [];
  const ends: (() => void)[] = [];
  const job = (name: string, bytes: number) =>
    scratch.use(bytes, never, () => {
      entered.push(name);
      return new Promise<void>(resolve => ends.push(resolve));
    });
  const jobs = [job('huge', 1_000), job('a', 60), job('b', 60), job('c', 10)];
  const after = async (expected: string[]) => {
    await sleep(50);
    expect(entered).toEqual(expected);
    ends.shift()?.();
  };
  await after(['huge']);
  await after(['huge', 'a']);
  await after(['huge', 'a', 'b', 'c']);
  ends.forEach(end => end());
  await Promise.all(jobs);
});

it('keeps nobody waiting who has given up', async () => {
  const scratch = openScratch(root, 100);
  const giving = new AbortController();
  let end = () => {};
  const first = scratch.use(100, never, () => new Promise<void>(resolve => (end = resolve)));
  await vi.waitFor(() => readdir(root, { recursive: true }).then(found => expect(found).toHaveLength(2)));
  const second = scratch.use(100, giving.signal, () => Promise.resolve());
  giving.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  end();
  await first;
  await scratch.use(100, never, () => Promise.resolve());
});

it('sweeps away what dead processes have left, and nothing of the living', async () => {
  const id = '0b9aa7b0-0000-4000-8000-000000000000';
  const names = {
    dead: `${hostname()}.999999999.${id}`,
    earlierLife: `${hostname()}.${process.pid}.${id}`,
    parent: `${hostname()}.${process.ppid}.${id}`,
    silent: `elsewhere.1.${id}`,
    busy: `elsewhere.2.${id}`,
    foreign: 'notes',
  };
  for (const name of Object.values(names)) await mkdir(join(root, name));
  const now = new Date();
  await utimes(join(root, names.silent), now, new Date(now.getTime() - 3_600_000));
  const scratch = openScratch(root, 100);
  await scratch.sweep(now);
  expect((await readdir(root)).sort()).toEqual(
    expect.arrayContaining([names.parent, names.busy, names.foreign].sort()),
  );
  expect(await readdir(root)).toHaveLength(4);
  await scratch.close();
  expect(await readdir(root)).toHaveLength(3);
});
