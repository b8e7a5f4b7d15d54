import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalOf } from './fixture/canonical.js';
import { disguise } from './fixture/disguise.js';
import { randomFrom } from './fixture/random.js';
import { decode, encode, type ProtoModel } from './fixture/proto.js';
import { withHabits } from './fixture/habits.js';
import { attribute, floatTensor, tinyModel, value } from './fixture/parts.js';
import { declaring, opsetOf } from './fixture/opsets.js';
import { randomModel, WIDTH } from './fixture/random-models.js';
import { sameValues, startRuntime, type Runtime, type Value } from './fixture/runtime.js';
import { blob, bytes, int, scrambled, tag } from './fixture/wire.js';
import { inGraph } from './fixture/hostile-file.js';

const RUNS = 60;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const inputsFor = ({ graph }: ProtoModel): Value[] => {
  const listed = new Set(graph?.initializer?.map(({ name }) => name));
  return (graph?.input ?? [])
    .filter(({ name }) => !listed.has(name))
    .map((_, index) => ({
      type: 'float32',
      dims: [3, WIDTH],
      data: Float32Array.from({ length: 3 * WIDTH }, (_unused, at) => Math.sin(at + index)),
    }));
};

describe('the canonical form', () => {
  let runtime: Runtime;
  beforeAll(() => {
    runtime = startRuntime();
  });
  afterAll(() => runtime.stop());

  it('puts out the same as the model, bit for bit', { timeout: 120_000 }, async () => {
    let lowered = 0;
    await fc.assert(
      fc.asyncProperty(randomModel, fc.integer({ min: 13, max: 24 }), fc.integer(), async (model, opset, seed) => {
        const random = declaring(model, opset);
        const before = await runtime.run(encode(random), inputsFor(random));
        // As for us, a graph in two halves is one graph for ONNX Runtime.
        const merged = await runtime.run(scrambled(encode(random), seed), inputsFor(random));
        expect(sameValues(before.outputs ?? [], merged.outputs ?? [])).toBe(true);
        // And a Constant is an initialiser, and a default that is written down the one that is not.
        const habitual = await runtime.run(encode(withHabits(random, randomFrom(seed))), inputsFor(random));
        expect(habitual.error).toBeUndefined();
        expect(sameValues(before.outputs ?? [], habitual.outputs ?? [])).toBe(true);
        const canonical = await canonicalOf(encode(random));
        if (opsetOf(decode(canonical)) < opset) lowered += 1;
        const after = await runtime.run(canonical, inputsFor(random));
        expect(before.error).toBeUndefined();
        expect(after.error).toBeUndefined();
        expect(sameValues(before.outputs ?? [], after.outputs ?? [])).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(lowered).toBeGreaterThan(RUNS / 6);
  });

  it('is its own canonical form', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomModel, async random => {
        const once = await canonicalOf(encode(random));
        expect(hex(await canonicalOf(once))).toBe(hex(once));
      }),
      { numRuns: RUNS },
    );
  });

  it('does not depend on names, orders, metadata, leftovers or how data are encoded', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomModel, fc.integer(), fc.boolean(), async (random, seed, useExternal) => {
        const disguised = disguise(random, seed, useExternal);
        const bytes = scrambled(encode(disguised.model), seed);
        expect(hex(await canonicalOf(bytes, disguised.external))).toBe(hex(await canonicalOf(encode(random))));
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('can be read by another decoder, and holds no name of the file', async () => {
    const found = decode(await canonicalOf(encode(tinyModel())));
    expect(found.graph?.node?.map(({ input, output, name, opType }) => [name, opType, input, output])).toEqual([
      ['n0', 'Gemm', ['v0', 'v1', 'v2'], ['v3']],
      ['n1', 'Relu', ['v3'], ['v4']],
    ]);
    expect(found.graph?.initializer?.map(({ name }) => name)).toEqual(['v1', 'v2']);
    expect(found.graph?.output?.map(({ name }) => name)).toEqual(['v4']);
  });

  it('differs where a weight, an attribute, an edge or a listed initialiser differs', async () => {
    const base = hex(await canonicalOf(encode(tinyModel())));
    const changes: ((changed: ProtoModel) => void)[] = [
      changed => (changed.graph!.initializer![0] = floatTensor('w', [3, 2], [1, -2, 3, 0.5, 0.25, 0])),
      changed => (changed.graph!.node![0]!.attribute = [attribute.int('transB', 1), attribute.float('alpha', 2)]),
      changed => (changed.graph!.node![1]!.input = ['x']),
      changed => changed.graph!.input!.push(value('b', [3])),
    ];
    for (const change of changes) {
      const changed = tinyModel();
      change(changed);
      expect(hex(await canonicalOf(encode(changed)))).not.toBe(base);
    }
  });

  it('keeps the bits of numbers that are no ordinary ones, in weights and attributes', async () => {
    const odd = new Uint8Array(Uint32Array.of(0x80000000, 0x00000001, 0x7f800000, 0xff800000).buffer);
    const ofNan = bytes(blob(1, 'alpha'), tag(2, 5), Uint8Array.of(0xef, 0xbe, 0xad, 0x7f), int(20, 1));
    const added = (data: Uint8Array): Uint8Array =>
      inGraph(
        blob(1, bytes(blob(1, 'h'), blob(1, 'k'), blob(2, 'z'), blob(4, 'Add'), blob(5, ofNan))),
        blob(5, bytes(int(1, 4), int(2, 1), blob(8, 'k'), data)),
        blob(12, bytes(blob(1, 'z'), blob(2, blob(1, int(1, 1))))),
      );
    const raw = await canonicalOf(added(blob(9, odd)));
    const found = decode(raw).graph!;
    expect(hex(found.initializer![2]!.rawData!)).toBe(hex(odd));
    expect(hex(raw)).toContain('efbead7f');
    expect(hex(await canonicalOf(added(blob(4, odd))))).toBe(hex(raw));
  });

  it('takes initialisers out of the inputs of old models, where they had to stand', async () => {
    const old = tinyModel();
    old.graph!.input!.push(value('w', [3, 2]), value('b', [3]));
    const asInputs = await canonicalOf(encode(old));
    expect(decode(asInputs).graph?.input).toHaveLength(3);
    old.irVersion = 3;
    expect(hex(await canonicalOf(encode(old)))).toBe(hex(await canonicalOf(encode(tinyModel()))));
  });
});
