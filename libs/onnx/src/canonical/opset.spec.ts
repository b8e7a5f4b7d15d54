import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalOf, gather, inspectLoosely, rulesFor } from '../fixture/canonical.js';
import { changesAt, declaring, opsetOf } from '../fixture/opsets.js';
import { attribute, floatTensor, INT64, intTensor, model, node, tinyModel, value } from '../fixture/parts.js';
import { decode, encode, type ProtoModel, type ProtoNode } from '../fixture/proto.js';
import { bytesSource, canonicalise, inspect } from '../index.js';
import { operatorSets } from './operator-versions.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The canonical form in a task that allows opsets from `min` on. */
async function canonicalFrom(min: number, bytes: Uint8Array): Promise<Uint8Array> {
  const files = { model: bytesSource(bytes) };
  const inspection = await inspect(files, { ...(await rulesFor(files)), opset: { min, max: 64 } });
  if (!inspection.ok) throw new Error(JSON.stringify(inspection.reasons));
  return gather(canonicalise(files, inspection.model));
}
const canonicalOpset = async (made: ProtoModel, min = 7): Promise<number> =>
  opsetOf(decode(await canonicalFrom(min, encode(made))));

const chain = (operators: readonly string[], type = 1): ProtoNode[] =>
  operators.map((op, index) =>
    node(op, [index === 0 ? 'x' : `t${index - 1}`], [index === operators.length - 1 ? 'y' : `t${index}`],
      op === 'Cast' ? [attribute.int('to', type)] : []),
  ); // prettier-ignore
const chained = (operators: readonly string[], opset: number, type = 1): ProtoModel =>
  model({ node: chain(operators, type), input: [value('x', [4], type)], output: [value('y', [4], type)] }, opset);

describe('the opset of the canonical form', () => {
  it('is the lowest within the rules at which each operator is the same, whatever it was', async () => {
    const names = ['Relu', 'Tanh', 'Elu', 'Identity', 'Cast', 'Flatten', 'Softmax', 'Neg', 'Sin', 'Erf', 'Round'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 11, max: 20 }),
        fc.nat(8),
        async (operators, min, more) => {
          let expected = min + more;
          while (expected > min && !changesAt(expected, operators)) expected -= 1;
          expect(await canonicalOpset(chained(operators, min + more), min)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives models the same bytes that differ only in it, and others where an operator is another', async () => {
    const of = async (opset: number): Promise<string> => hex(await canonicalFrom(13, encode(declaring(tinyModel(), opset))));
    for (let opset = 14; opset <= 28; opset += 1) expect(await of(opset), String(opset)).toBe(await of(17));
    expect(await of(13)).not.toBe(await of(14));
  }); // prettier-ignore

  it('is never below what the task allows, and stays what it is', async () => {
    for (const min of [13, 14, 15, 16, 17]) {
      const once = await canonicalFrom(min, encode(tinyModel()));
      expect(opsetOf(decode(once))).toBe(Math.max(min, 14));
      expect(hex(await canonicalFrom(min, once))).toBe(hex(once));
    }
  });

  it('brings its IR version with it', async () => {
    const canonical = await canonicalOf(encode(declaring(tinyModel(), 23)));
    expect(Number(decode(canonical).irVersion)).toBe(8);
    for (const [opset, version] of [
      [18, 8],
      [20, 9],
      [21, 10],
      [22, 10],
      [23, 11],
      [24, 12],
      [25, 13],
      [27, 13],
      [28, 14],
    ] as const) {
      const kept = await canonicalOf(encode(chained(['Tanh', 'Unheard'], opset)));
      expect(Number(decode(kept).irVersion), String(opset)).toBe(version);
      expect(hex(await canonicalOf(kept))).toBe(hex(kept));
    }
  });

  it('heeds operators in subgraphs, and not those that are dropped', async () => {
    const branch = { node: [node('Reshape', ['x', 's'], ['o'])], output: [value('o', [4])] };
    const made = model(
      {
        node: [
          node('If', ['c'], ['y'], [attribute.graph('then_branch', branch), attribute.graph('else_branch', branch)]),
        ],
        initializer: [intTensor('s', [1], [4])],
        input: [value('x', [4]), value('c', [], 9)],
        output: [value('y', [4])],
      },
      18,
    );
    expect(await canonicalOpset(made)).toBe(16);
    made.graph!.node![0] = node('Tanh', ['x'], ['y']);
    expect(await canonicalOpset(made)).toBe(13);
    made.graph!.node!.push(node('GroupNormalization', ['x'], ['dead']));
    expect(await canonicalOpset(made)).toBe(13);
  });

  it('stays what it was with operators that we do not know', async () => {
    const made = chained(['Tanh', 'Tanh'], 18);
    expect(await canonicalOpset(made)).toBe(13);
    for (const [opType, domain] of [
      ['Unheard', ''],
      ['constructor', ''],
      ['FusedTanh', 'com.microsoft'],
      ['Gelu', ''],
    ] as const) {
      const other = chained(['Tanh', 'Tanh'], 18);
      Object.assign(other.graph!.node![1]!, { opType, domain });
      if (domain) other.opsetImport!.push({ domain, version: 1 });
      expect(await canonicalOpset(other), opType).toBe(18);
    }
    expect(await canonicalOpset(chained(['Tanh', 'Tanh'], 29))).toBe(29);
  });

  it('stays what it was where a body may be used in place of a kernel', async () => {
    expect(await canonicalOpset(chained(['Relu'], 18))).toBe(14);
    for (const type of [INT64, 10, 11]) expect(await canonicalOpset(chained(['Relu'], 18, type))).toBe(18);
    // Cast brings float32, and Size takes it away.
    const mixed = chained(['Cast', 'Relu'], 18);
    mixed.graph!.input = [value('x', [4], INT64)];
    expect(await canonicalOpset(mixed)).toBe(14);
    expect(await canonicalOpset(chained(['Cast', 'Size', 'Relu'], 18))).toBe(18);
    expect(await canonicalOpset(chained(['GroupNormalization'], 22))).toBe(22);
  });

  it('follows float32 through weights, constants, several outputs and graphs', async () => {
    const split = model(
      {
        node: [
          node('Constant', [], ['k'], [attribute.tensor('value', floatTensor('', [2], [1, 2]))]),
          node('Where', ['c', 'k', 'w'], ['h']),
          node('Split', ['h', 's'], ['a', 'b'], [attribute.int('axis', 0)]),
          node('Softmax', ['b'], ['y']),
          node('TopK', ['h', 's1'], ['values', 'indices']),
          node('Relu', ['values'], ['z']),
        ],
        initializer: [floatTensor('w', [2], [3, 4]), intTensor('s', [2], [1, 1]), intTensor('s1', [1], [1])],
        input: [value('c', [2], 9)],
        output: [value('y', [1]), value('z', [1])],
      },
      17,
    );
    expect(await canonicalOpset(split)).toBe(16);
    split.graph!.node![5] = node('Relu', ['indices'], ['z']);
    expect(await canonicalOpset(split)).toBe(17);

    const body = {
      node: [node('Relu', ['state'], ['next']), node('Identity', ['more'], ['again'])],
      input: [value('step', [], INT64), value('more', [], 9), value('state', [4])],
      output: [value('again', [], 9), value('next', [4])],
    };
    const loop = model(
      {
        node: [node('Loop', ['n', 'go', 'x'], ['y'], [attribute.graph('body', body)])],
        input: [value('x', [4]), value('n', [], INT64), value('go', [], 9)],
        output: [value('y', [4])],
      },
      18,
    );
    expect(await canonicalOpset(loop)).toBe(18);
    body.node[0] = node('Relu', ['x'], ['next']);
    expect(await canonicalOpset(loop)).toBe(16);
  });

  it('is as low for ai.onnx.ml, and never thrown off by a version that cannot be', async () => {
    const made = (version: number): ProtoModel => ({
      ...model({
        node: [{ ...node('Scaler', ['x'], ['h']), domain: 'ai.onnx.ml' }, node('Tanh', ['h'], ['y'])],
        input: [value('x', [4])],
        output: [value('y', [4])],
      }),
      opsetImport: [{ domain: '', version: 17 }, { domain: 'ai.onnx.ml', version }],
    }); // prettier-ignore
    const imports = async (version: number) =>
      decode(await canonicalOf(encode(made(version)))).opsetImport!.map(each => Number(each.version));
    for (const version of [1, 2, 5]) expect(await imports(version)).toEqual([13, 1]);
    for (const version of [0, -1, 6, 2 ** 52]) expect(await imports(version)).toEqual([17, version]);
  });

  it('is asked for only within the rules', async () => {
    for (const opset of [0, -1, 6, 65, 2 ** 52, -(2 ** 52)]) {
      const { ok, reasons } = await inspectLoosely({ model: bytesSource(encode(declaring(tinyModel(), opset))) });
      expect(ok).toBe(false);
      expect(reasons.map(({ code }) => code)).toEqual(['onnx/opset']);
    }
  });
});

describe('the table of operators', () => {
  it('lists ascending versions up to the last opset', () => {
    for (const { last, versions } of operatorSets.values()) {
      expect(Math.max(...[...versions.values()].flat())).toBe(last);
      for (const [name, list] of versions) {
        expect(list.length, name).toBeGreaterThan(0);
        expect(
          [...new Set(list)].sort((a, b) => a - b),
          name,
        ).toEqual(list);
        expect(list[0], name).toBeGreaterThan(0);
      }
    }
  });
});
