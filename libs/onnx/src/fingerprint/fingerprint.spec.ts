import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalise, fingerprint, inspect, bytesSource, similarityPpm } from '../index.js';
import { gather, inspectLoosely, nativeHash } from '../fixture/canonical.js';
import { disguise } from '../fixture/disguise.js';
import { randomFrom } from '../fixture/random.js';
import { attribute, floatTensor, intTensor, model, node, tinyModel, value } from '../fixture/parts.js';
import { encode } from '../fixture/proto.js';
import { mapWeights, modelOf, normal, printOf, trainedWeights, type Weights } from '../fixture/trained.js';

const original = trainedWeights(1);
const similarity = async (a: Weights, b: Weights, starter?: Weights): Promise<number> => {
  const sketch = async (weights: Weights): Promise<Uint8Array> => (await printOf(modelOf(weights))).sketch;
  return similarityPpm(await sketch(a), await sketch(b), starter && (await sketch(starter)));
};
const noisy = (weights: Weights, share: number, seed = 7): Weights => {
  const random = randomFrom(seed);
  return mapWeights(weights, value => value + 0.1 * share * normal(random));
};

describe('a fingerprint', () => {
  it('has the SHA-256 of the canonical form, and hands that form on', async () => {
    const files = { model: bytesSource(encode(tinyModel())) };
    const inspection = await inspectLoosely(files);
    if (!inspection.ok) throw new Error('not sound');
    const chunks: Uint8Array[] = [];
    const print = await fingerprint(files, inspection.model, { sink: chunk => void chunks.push(chunk.slice()) });
    const canonical = await gather(canonicalise(files, inspection.model));
    expect(print.sha256).toBe(createHash('sha256').update(canonical).digest('hex'));
    expect(Buffer.concat(chunks).equals(canonical)).toBe(true);
    expect(print.size).toBe(canonical.length);
  });

  it('is the same with the portable hash, and in whatever pieces the file comes', async () => {
    const bytes = modelOf(original);
    const files = { model: bytesSource(bytes) };
    const inspection = await inspectLoosely(files);
    if (!inspection.ok) throw new Error('not sound');
    const native = await fingerprint(files, inspection.model, { newHash: nativeHash });
    expect(await fingerprint(files, inspection.model)).toEqual(native);
    const disguised = disguise({ ...model({}), graph: (await import('../fixture/proto.js')).decode(bytes).graph! }, 5);
    expect(await printOf(encode(disguised.model))).toEqual(native);
  });

  it('knows a tensor again by its type, dimensions and elements alone', async () => {
    const of = async (dims: number[], values: number[]): Promise<string[]> =>
      (
        await printOf(
          encode(
            model({
              node: [node('Mul', ['x', 'k'], ['y'])],
              initializer: [floatTensor('k', dims, values)],
              input: [value('x', [2, 2])],
              output: [value('y', [2, 2])],
            }),
          ),
        )
      ).tensors;
    expect(await of([4], [1, 2, 3, 4])).toEqual(await of([4], [1, 2, 3, 4]));
    expect(await of([2, 2], [1, 2, 3, 4])).not.toEqual(await of([4], [1, 2, 3, 4]));
    expect(await of([4], [1, 2, 3, 5])).not.toEqual(await of([4], [1, 2, 3, 4]));
  });

  it('has one graph hash for an architecture, whatever its weights', async () => {
    const a = await printOf(modelOf(original));
    const b = await printOf(modelOf(trainedWeights(2)));
    expect(a.graphHash).toBe(b.graphHash);
    expect(a.sha256).not.toBe(b.sha256);
  });

  it('counts whole numbers of 64 bits, such as shapes, to the architecture', async () => {
    const reshaped = (shape: number[]): Uint8Array =>
      encode(
        model({
          node: [node('Reshape', ['x', 's'], ['y'], [attribute.int('allowzero', 0)])],
          initializer: [intTensor('s', [shape.length], shape)],
          input: [value('x', [4, 4])],
          output: [value('y', ['a', 'b'])],
        }),
      );
    expect((await printOf(reshaped([2, 8]))).graphHash).not.toBe((await printOf(reshaped([8, 2]))).graphHash);
  });
});

describe('similarity', () => {
  it('is whole between a model and itself, and nothing between models trained apart', async () => {
    expect(await similarity(original, original)).toBeGreaterThan(999_990);
    for (let seed = 2; seed < 40; seed += 1)
      expect(await similarity(original, trainedWeights(seed))).toBeLessThan(300_000);
  });

  it('finds a copy behind noise of a twentieth', async () => {
    expect(await similarity(original, noisy(original, 0.05))).toBeGreaterThan(995_000);
    expect(await similarity(original, noisy(original, 0.5))).toBeLessThan(950_000);
  });

  it('finds a copy with scaled and negated layers', async () => {
    const scaled = mapWeights(original, (value, tensor) => value * [3, 1 / 3, -2, -0.5][tensor % 4]!);
    expect(await similarity(original, scaled)).toBeGreaterThan(999_000);
  });

  it('finds a copy with one layer trained anew, in proportion', async () => {
    const other = trainedWeights(9);
    const partial = original.map((values, tensor) => (tensor === 0 ? other[0]! : values));
    const share = await similarity(original, partial);
    expect(share).toBeGreaterThan(700_000);
    expect(share).toBeLessThan(800_000);
  });

  it('finds a copy within a larger model, and layers in another order', async () => {
    expect(await similarity(original, [...trainedWeights(3), ...original])).toBeGreaterThan(999_000);
    expect(await similarity(original, original.toReversed())).toBeGreaterThan(999_000);
  });

  it('does not take models for copies that were fine-tuned from one starter', async () => {
    const starter = trainedWeights(50);
    const tuned = noisy(starter, 0.03, 51);
    const other = noisy(starter, 0.03, 52);
    expect(await similarity(tuned, other)).toBeGreaterThan(995_000);
    expect(await similarity(tuned, other, starter)).toBeLessThan(300_000);
    expect(await similarity(tuned, noisy(tuned, 0.001), starter)).toBeGreaterThan(995_000);
  });

  it('is not carried by constants that all models share', async () => {
    const flat = (weights: Weights): Weights => mapWeights(weights, (value, tensor) => (tensor % 2 ? 1 : value + 5));
    expect(await similarity(flat(original), flat(trainedWeights(4)))).toBeLessThan(300_000);
  });

  it('refuses bytes that are no sketch', () => {
    expect(() => similarityPpm(new Uint8Array([1, 2]), new Uint8Array([1]))).toThrow(RangeError);
    expect(similarityPpm(new Uint8Array([1]), new Uint8Array([1]))).toBe(0);
  });
});

describe('inspect', () => {
  it('needs the whole of a source', async () => {
    const bytes = modelOf(original);
    const short = {
      size: bytes.length,
      read: (offset: number) => Promise.resolve(bytes.subarray(offset, offset + 10)),
    };
    await expect(inspect({ model: short }, (await import('../fixture/canonical.js')).looseRules)).rejects.toThrow(
      RangeError,
    );
  });
});
