import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalOf, gather } from './fixture/canonical.js';
import { tinyModel } from './fixture/parts.js';
import { decode, encode } from './fixture/proto.js';
import { bytesSource, pad, stripPadding } from './index.js';

const padded = (model: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([model, ...[...pad(model.length).chunks()].map(chunk => chunk.slice())]));

const stripped = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const source = await stripPadding(bytesSource(bytes));
  return source.read(0, source.size);
};

describe('padding', () => {
  it('fills any size up to one of few, by little more than an eighth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 23 }), size => {
        const { size: bucket } = pad(size);
        expect(bucket).toBeGreaterThanOrEqual(size + 6 + 16);
        expect(bucket).toBeLessThanOrEqual(Math.max(64 * 1024, 1.13 * (size + 22)));
      }),
    );
    const buckets = new Set(Array.from({ length: 10_000 }, (_, index) => pad((index + 1) * 190_000).size));
    expect(buckets.size).toBeLessThan(120);
  });

  it('gives as many bytes as it says', () => {
    for (const size of [1, 60_000, 65_514, 65_515, 200_000, 3_000_001]) {
      const { size: bucket, chunks } = pad(size);
      expect(size + [...chunks()].reduce((sum, { length }) => sum + length, 0)).toBe(bucket);
    }
  });

  it('leaves room under the limit of protobuf, and refuses what has none', () => {
    expect(pad(2 ** 31 - 1 - 22).size).toBe(2 ** 31 - 1);
    expect(() => pad(2 ** 31 - 1 - 21)).toThrow(RangeError);
  });

  it('is one doc string of spaces, and comes off again', async () => {
    const canonical = await canonicalOf(encode(tinyModel()));
    const model = padded(canonical);
    expect(decode(model).docString).toMatch(/^ {16,}$/);
    expect(await stripped(model)).toEqual(canonical);
    expect(await gather((async function* () { yield await canonicalOf(model); })())).toEqual(canonical);
  }); // prettier-ignore

  it('refuses to strip what it has not padded', async () => {
    const canonical = await canonicalOf(encode(tinyModel()));
    const model = padded(canonical);
    const smuggled = model.slice();
    smuggled[smuggled.length - 1] = 0x21;
    const named = encode({ ...tinyModel(), docString: ' '.repeat(100) });
    for (const bytes of [canonical, model.subarray(0, -1), smuggled, named, Uint8Array.of(0x32), new Uint8Array()])
      await expect(stripped(bytes)).rejects.toThrow();
  });
});
