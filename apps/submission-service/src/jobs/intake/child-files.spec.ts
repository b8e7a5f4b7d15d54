import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSink, openSource } from './child-files.js';

const MIB = 1024 * 1024;
const data = randomBytes(24 * MIB + 12_345);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-child-'));
  path = join(folder, 'in');
  await writeFile(path, data);
});
afterAll(() => rm(folder, { recursive: true }));

it('reads what it is asked for, in whatever order and sizes, and less only at the end', async () => {
  const source = await openSource(path);
  expect(source.size).toBe(data.length);
  const asked = [
    [0, MIB],
    [MIB, MIB],
    [5, MIB],
    [7 * MIB + 1, 100],
    [8 * MIB + 1, MIB],
    [5 + MIB, MIB],
    [23 * MIB, MIB],
    [24 * MIB, 12_345],
    [24 * MIB, MIB],
  ] as const;
  for (const [offset, length] of asked)
    expect(data.subarray(offset, offset + length).equals(await source.read(offset, length))).toBe(true);
});

it('writes down what it reads while it reads on, also where that is elsewhere', async () => {
  const source = await openSource(path);
  for (let round = 0; round < 10; round += 1) {
    const out = join(folder, `out ${round}`);
    const sink = await openSink(out, [source]);
    const expected: Buffer[] = [];
    // Tensors with something between them, so that what was read ahead is often not what is wanted next.
    for (let at = 3; at + 2 * MIB < data.length; at += 2 * MIB + 777)
      for (const offset of [at, at + MIB]) {
        expected.push(data.subarray(offset, offset + MIB));
        await sink.write(await source.read(offset, MIB));
      }
    await sink.close();
    expect((await readFile(out)).equals(Buffer.concat(expected)), `round ${round}`).toBe(true);
  }
});

it('does not keep what is no part of a ring after it was asked to write it', async () => {
  const out = join(folder, 'small');
  const sink = await openSink(out, []);
  const buffer = Buffer.from('one');
  await sink.write(buffer);
  buffer.write('two');
  await sink.write(buffer);
  await sink.close();
  expect(await readFile(out, 'utf8')).toBe('onetwo');
});
