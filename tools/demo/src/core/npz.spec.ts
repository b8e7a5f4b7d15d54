import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { npz } from './npz.js';

const archive = Buffer.from(
  npz({
    X: { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6.5) },
    y: { shape: [2], values: BigInt64Array.of(7n, -1n) },
  }),
);

/** The members by the central directory, as any reader finds them. */
function members(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  const found = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const [checksum, size] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 24)];
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('ascii', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x04034b50);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    expect(crc32(data)).toBe(checksum);
    found.set(name, data);
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return found;
}

describe('npz', () => {
  it('is a zip whose directory leads to each member', () => {
    expect([...members(archive).keys()]).toEqual(['X.npy', 'y.npy']);
  });

  it.each([
    ['X.npy', "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"],
    ['y.npy', "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }"],
  ])('gives %s the header that numpy reads', (name, header) => {
    const data = members(archive).get(name) ?? Buffer.alloc(0);
    const length = data.readUInt16LE(8);
    expect(data.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00');
    expect((10 + length) % 64).toBe(0);
    expect(data.toString('ascii', 10, 10 + length)).toMatch(/ *\n$/);
    expect(data.toString('ascii', 10, 10 + length).trim()).toBe(header);
  });

  it('holds the values in order', () => {
    const data = members(archive).get('X.npy') ?? Buffer.alloc(0);
    const values = data.subarray(10 + data.readUInt16LE(8));
    expect(Array.from({ length: 6 }, (_, i) => values.readFloatLE(i * 4))).toEqual([1, 2, 3, 4, 5, 6.5]);
  });

  it('refuses a shape that the values do not fill', () => {
    expect(() => npz({ X: { shape: [2, 2], values: Float32Array.of(1) } })).toThrow('4 values for 1');
  });
});
