import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostileFiles, type Hostile } from './fixture/hostile.js';
import { array } from './fixture/npy.js';
import { safetensors } from './fixture/safetensors.js';
import { npz } from './fixture/zip.js';
import { bytesSource, DataError, dataErrorCodes, openDataset } from './index.js';

/** What reading all of it throws. */
async function failure({ bytes, format, kind }: Pick<Hostile, 'bytes' | 'format' | 'kind'>): Promise<unknown> {
  try {
    const dataset = await openDataset(bytesSource(bytes), format, kind);
    for await (const batch of dataset.batches(1_000_000)) void batch;
    return undefined;
  } catch (error) {
    return error;
  }
}

const good = {
  npz: npz({ X: array('f4', [2, 2], [1, 2, 3, 4]), y: array('i8', [2], [0, 1]) }),
  deflated: npz({ X: array('f4', [2, 2], [1, 2, 3, 4]), y: array('i8', [2], [0, 1]) }, true),
  safetensors: safetensors({ X: ['f4', [2, 2], [1, 2, 3, 4]], y: ['i8', [2], [0, 1]] }),
};

describe('a hostile file', () => {
  it.each(hostileFiles)('is refused: $name', async hostile => {
    const error = await failure(hostile);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code: hostile.code });
    expect((error as DataError).detail.length).toBeLessThan(200);
    expect((error as DataError).detail).toMatch(/^[\x20-\x7e]+$/);
  });

  it('comes in more than a hundred kinds, each with its own name', () => {
    expect(new Set(hostileFiles.map(({ name }) => name)).size).toBe(hostileFiles.length);
    expect(hostileFiles.length).toBeGreaterThan(100);
  });

  it('comes with every reason but those that need a task as well', () => {
    const codes = new Set<string>([...hostileFiles.map(({ code }) => code), 'data/signature', 'data/reads-ahead']);
    expect(codes).toEqual(new Set(Object.keys(dataErrorCodes)));
  });

  it('has its reason in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(data\/[a-z0-9-]+)` +\| (.*?) +\|$/gm)].map(([, code, means]) => [
      code,
      means,
    ]);
    expect(Object.fromEntries(rows)).toEqual(dataErrorCodes);
  });

  it.each(['npz', 'deflated', 'safetensors'] as const)('is refused when cut off anywhere (%s)', async name => {
    const format = name === 'deflated' ? 'npz' : name;
    expect(await failure({ bytes: good[name], format, kind: 'classification' })).toBeUndefined();
    for (let length = 0; length < good[name].length; length += 1) {
      const error = await failure({ bytes: good[name].slice(0, length), format, kind: 'classification' });
      expect(error, `cut at ${length}`).toBeInstanceOf(DataError);
    }
  });

  it.each(['npz', 'deflated', 'safetensors'] as const)(
    'never throws anything but a DataError for one wrong byte (%s)',
    async name => {
      const format = name === 'deflated' ? 'npz' : name;
      let refused = 0;
      for (let at = 0; at < good[name].length; at += 1)
        for (const flip of [1, 0x80, 0xff]) {
          const bytes = good[name].slice();
          bytes[at] = (bytes[at] as number) ^ flip;
          const error = await failure({ bytes, format, kind: 'classification' });
          if (error === undefined) continue;
          refused += 1;
          expect(error, `byte ${at} ^ ${flip}`).toBeInstanceOf(DataError);
        }
      expect(refused).toBeGreaterThan(good[name].length);
    },
  );
});
