import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { portableHash } from './hash.js';
import { partReader } from './part-reader.js';
import { bytesSource, type ByteSource } from './source.js';

const MIB = 1024 * 1024;
const file = Uint8Array.from({ length: 11 * MIB + 7 }, (_, i) => (i * 31) % 251);
const sha256 = createHash('sha256').update(file).digest('hex');

function readAll(landed: number[], source: ByteSource = bytesSource(file)) {
  const skipped: number[] = [];
  const onSkipped = (bytes: number) => skipped.push(bytes);
  const cut = { partSize: 5 * MIB, landed: new Set(landed), hash: portableHash(), onSkipped };
  return { reader: partReader(source, cut), skipped };
}

describe('partReader', () => {
  it('gives each part once and the hash of the whole, however many ask at a time', async () => {
    const { reader } = readAll([]);
    const parts = await Promise.all([reader.next(), reader.next(), reader.next(), reader.next()]);
    expect(parts.map(part => part?.number)).toEqual([1, 2, 3, undefined]);
    const joined = Buffer.concat(parts.map(part => part?.bytes ?? new Uint8Array()));
    expect(joined.equals(file)).toBe(true);
    expect(reader.sha256()).toBe(sha256);
  });

  it('skips what has landed, but hashes it', async () => {
    const { reader, skipped } = readAll([1, 3]);
    expect((await reader.next())?.number).toBe(2);
    expect(await reader.next()).toBeUndefined();
    expect(skipped).toEqual([5 * MIB, MIB + 7]);
    expect(reader.sha256()).toBe(sha256);
  });

  it('reads no part before somebody asks for it', async () => {
    let read = 0;
    const counting: ByteSource = {
      size: file.length,
      read: (offset, length) => {
        read += length;
        return Promise.resolve(file.subarray(offset, offset + length));
      },
    };
    const { reader } = readAll([], counting);
    await reader.next();
    expect(read).toBe(5 * MIB);
  });

  it('ends at the first part that cannot be read', async () => {
    const broken: ByteSource = { size: file.length, read: () => Promise.reject(new Error('disk')) };
    await expect(readAll([], broken).reader.next()).rejects.toThrow('disk');
  });
});
