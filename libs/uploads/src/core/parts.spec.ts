import { PARTS_MAX } from '@arena/contracts';
import { describe, expect, it } from 'vitest';
import { countParts, faultOfParts, partSizeFor, partsToSign, sizeOfPart, type LandedPart } from './parts.js';

const MIB = 1024 * 1024;
const cut = { size: 25 * MIB, partSize: 10 * MIB };
const landed = (...parts: [number, number][]): LandedPart[] =>
  parts.map(([number, size]) => ({ number, size, etag: `e${number}` }));

describe('the size of parts', () => {
  it('is what the client asked for', () => expect(partSizeFor(25 * MIB, 10 * MIB)).toBe(10 * MIB));
  it('is 16 MiB when the client does not care', () => expect(partSizeFor(1)).toBe(16 * MIB));
  it('is never under the 5 MiB of S3', () => expect(partSizeFor(100 * MIB, MIB)).toBe(5 * MIB));
  it('grows, in whole MiB, until S3 can count the parts', () => {
    const size = 200 * 1024 ** 3 + 1;
    const partSize = partSizeFor(size);
    expect(partSize).toBe(21 * MIB);
    expect(countParts({ size, partSize })).toBeLessThanOrEqual(PARTS_MAX);
  });
  it('makes some hundred parts of 5 GiB', () => {
    const size = 5 * 1024 ** 3;
    expect(countParts({ size, partSize: partSizeFor(size) })).toBe(320);
  });
});

describe('a cut file', () => {
  it('has a smaller last part', () => {
    expect(countParts(cut)).toBe(3);
    expect([1, 2, 3].map(number => sizeOfPart(cut, number))).toEqual([10 * MIB, 10 * MIB, 5 * MIB]);
  });
  it('has a whole last part when the parts divide it', () => {
    const even = { size: 20 * MIB, partSize: 10 * MIB };
    expect(countParts(even)).toBe(2);
    expect(sizeOfPart(even, 2)).toBe(10 * MIB);
  });
  it('has one part when it is small', () => {
    expect(countParts({ size: 1, partSize: 16 * MIB })).toBe(1);
    expect(sizeOfPart({ size: 1, partSize: 16 * MIB }, 1)).toBe(1);
  });
});

describe('parts to sign', () => {
  it('come with their sizes, each once', () => {
    expect(partsToSign(cut, [3, 1, 3])).toEqual([
      { number: 3, size: 5 * MIB },
      { number: 1, size: 10 * MIB },
    ]);
  });
  it('are refused beyond the last one', () => {
    expect(() => partsToSign(cut, [1, 4, 5, 9])).toThrow('upload/part-number: The last part is 3; asked for 4-5, 9');
  });
});

describe('landed parts', () => {
  it('are the whole file when all are there with their sizes, in any order', () => {
    expect(faultOfParts(cut, landed([3, 5 * MIB], [1, 10 * MIB], [2, 10 * MIB]))).toBeUndefined();
  });
  it('are told missing by stretches', () => {
    expect(faultOfParts({ size: 70, partSize: 10 }, landed([2, 10], [6, 10]))).toBe('missing: 1, 3-5, 7');
    expect(faultOfParts(cut, [])).toBe('missing: 1-3');
  });
  it('are told by their wrong size', () => {
    expect(faultOfParts({ size: 25, partSize: 10 }, landed([1, 10], [2, 9], [3, 10]))).toBe(
      'part 2 has 9 bytes instead of 10; part 3 has 10 bytes instead of 5',
    );
  });
  it('are told in one short text, however many are wrong', () => {
    const odd = landed(...Array.from({ length: 5_000 }, (_, i): [number, number] => [2 * i + 1, 1]));
    const fault = faultOfParts({ size: 100_000, partSize: 10 }, odd);
    expect(fault).toContain(', 40 and more; ');
    expect(fault).toMatch(/; 4990 more parts have a wrong size$/);
  });
});
