import { afterAll, describe, expect, it } from 'vitest';
import { gather, inspectLoosely, nativeHash } from './fixture/canonical.js';
import { hostileRules } from './fixture/hostile-file.js';
import { attribute, floatTensor, intTensor, model, node, tensor, tinyModel, value } from './fixture/parts.js';
import { decode, encode, type ProtoAttribute, type ProtoGraph, type ProtoModel, type ProtoNode, type ProtoTensor } from './fixture/proto.js'; // prettier-ignore
import { sameValues, startRuntime } from './fixture/runtime.js';
import { bytesSource, canonicalise, fingerprint, inspect, type ModelFiles, type Rules } from './index.js';

const floats = (name: string, given: number[]): ProtoAttribute => ({ name, type: 6, floats: given });
const constant = (output: string, ...given: ProtoAttribute[]): ProtoNode => node('Constant', [], [output], given);

/** Everything that is known of a model that must be sound. */
async function known(made: ProtoModel, external?: Uint8Array) {
  const files: ModelFiles = {
    model: bytesSource(encode(made)),
    ...(external ? { external: { source: bytesSource(external) } } : {}),
  };
  const inspection = await inspectLoosely(files);
  if (!inspection.ok) throw new Error(JSON.stringify(inspection.reasons));
  const bytes = await gather(canonicalise(files, inspection.model));
  const print = await fingerprint(files, inspection.model, { newHash: nativeHash });
  return { report: inspection.report, print, bytes: Buffer.from(bytes).toString('hex') };
}

/** y = x · k, where k is an initialiser or what a node says. */
const times = (k: ProtoTensor | ProtoNode, dims: number[], type = 1): ProtoModel =>
  model({
    node: [...('opType' in k ? [k as ProtoNode] : []), node('Mul', ['x', 'k'], ['y'])],
    initializer: 'opType' in k ? [] : [k as ProtoTensor],
    input: [value('x', dims, type)],
    output: [value('y', dims, type)],
  });

const codesOf = async (change: (graph: ProtoGraph) => void, rules: Rules = hostileRules): Promise<string[]> => {
  const made = tinyModel();
  change(made.graph!);
  const { reasons } = await inspect({ model: bytesSource(encode(made)) }, rules);
  return [...new Set(reasons.map(({ code }) => code))];
};

describe('a Constant', () => {
  const runtime = startRuntime();
  afterAll(() => runtime.stop());

  it.each<[string, ProtoAttribute, ProtoTensor]>([
    ['value', attribute.tensor('value', floatTensor('other', [2], [1, -0])), floatTensor('k', [2], [1, -0])],
    ['value_float', attribute.float('value_float', -1e-45), floatTensor('k', [], [-1e-45])],
    ['value_float of zero', { name: 'value_float', type: 1 }, floatTensor('k', [], [0])],
    ['value_floats', floats('value_floats', [1, -0, Infinity]), floatTensor('k', [3], [1, -0, Infinity])],
    ['no value_floats', floats('value_floats', []), floatTensor('k', [0], [])],
    ['value_int', attribute.int('value_int', -3), intTensor('k', [], [-3])],
    ['value_ints', attribute.ints('value_ints', [1, -(2 ** 40)]), intTensor('k', [2], [1, -(2 ** 40)])],
  ])('is the initialiser that it holds: %s', async (_, given, initialiser) => {
    const [dims, type] = [[...(initialiser.dims as number[])], initialiser.dataType];
    expect(await known(times(constant('k', given), dims, type))).toEqual(await known(times(initialiser, dims, type)));
  });

  it('may lie in the file beside the model', async () => {
    const away: ProtoTensor = {
      dims: [2],
      dataType: 1,
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'weights.bin' },
        { key: 'offset', value: '4' },
      ],
    };
    const weights = new Uint8Array(Float32Array.of(9, 1, 2).buffer);
    expect(await known(times(constant('k', attribute.tensor('value', away)), [2]), weights)).toEqual(
      await known(times(floatTensor('k', [2], [1, 2]), [2])),
    );
  });

  it('may be an output, of subgraphs too, and serves operators that need to know a value early', async () => {
    const k = (output: string) => constant(output, attribute.tensor('value', floatTensor('', [4], [1, 2, 3, 4])));
    const branch = (inner: ProtoNode, output: string): ProtoGraph => ({
      name: 'branch',
      node: [inner],
      output: [value(output, [4])],
    });
    const made = model({
      node: [
        k('k'),
        constant('start', attribute.ints('value_ints', [1])),
        constant('end', attribute.ints('value_ints', [9])),
        node('Slice', ['x', 'start', 'end'], ['part']),
        constant('pads', attribute.ints('value_ints', [1, 1])),
        constant('pad', attribute.float('value_float', 0.5)),
        node('Pad', ['part', 'pads', 'pad'], ['padded']),
        constant('scale', floats('value_floats', [2])),
        node('Resize', ['padded', '', 'scale'], ['resized']),
        constant('yes', attribute.tensor('value', tensor('', 9, [], Uint8Array.of(1)))),
        node('If', ['yes'], ['chosen'], [
          attribute.graph('then_branch', branch(k('then'), 'then')),
          attribute.graph('else_branch', branch(constant('else', floats('value_floats', [4, 3, 2, 1])), 'else')),
        ]),
        constant('unused', attribute.float('value_float', 7)),
      ],
      input: [value('x', [4])],
      output: [value('k', [4]), value('resized', ['n']), value('chosen', [4])],
    }); // prettier-ignore
    const canonical = Buffer.from((await known(made)).bytes, 'hex');
    const graph = decode(canonical).graph!;
    expect(graph.node!.map(({ opType }) => opType)).toEqual(['Slice', 'Pad', 'Resize', 'If']);
    expect(graph.initializer).toHaveLength(7);
    const x = { type: 'float32', dims: [4], data: Float32Array.of(1, -2, 3, -4) };
    const [before, after] = [await runtime.run(encode(made), [x]), await runtime.run(canonical, [x])];
    expect([before.error, after.error]).toEqual([undefined, undefined]);
    expect(sameValues(before.outputs ?? [], after.outputs ?? [])).toBe(true);
  });

  it('is no node and needs no place on the list, but counts as what it holds', async () => {
    const rules = { ...hostileRules, operators: ['Gemm', 'Relu'], maxNodes: 2 };
    const add = (...nodes: ProtoNode[]) => codesOf(graph => void graph.node!.push(...nodes), rules);
    const many = (holds: number) =>
      Array.from({ length: 10_000 }, (_, index) => constant(`c${index}`, floats('value_floats', Array(holds).fill(1))));
    expect(await add(constant('c', attribute.float('value_float', 1)))).toEqual([]);
    expect(await add(...many(0))).toEqual(['onnx/too-large']);
    const large = { ...rules, maxBytes: 1e9 };
    const model = tinyModel();
    model.graph!.node!.push(...many(2));
    const inspection = await inspect({ model: bytesSource(encode(model)) }, large);
    expect(inspection.reasons.map(({ code }) => code)).toEqual(['onnx/parameters']);
    expect(inspection.report).toMatchObject({ nodes: 2, parameters: 20_009, staticTensorBytes: 80_036 });
  });

  it('is found however deep it lies', async () => {
    let graph: ProtoGraph = { node: [constant('o', floats('value_floats', [NaN]))], output: [value('o', [1])] };
    for (let depth = 0; depth < 4; depth += 1)
      graph = {
        node: [node('If', ['x'], [`o${depth}`], [attribute.graph('then_branch', graph)])],
        output: [value(`o${depth}`, [1])],
      };
    expect(await codesOf(main => void main.node!.push(graph.node![0]!), { ...hostileRules, maxSubgraphDepth: 4 })).toEqual(
      ['onnx/nan-weights'],
    );
  }); // prettier-ignore

  it('is refused without one value of its type', async () => {
    const codes = (...given: ProtoAttribute[]) => codesOf(graph => void graph.node!.push(constant('c', ...given)));
    const one = attribute.float('value_float', 1);
    expect(await codes()).toEqual(['onnx/attribute']);
    expect(await codes(one, attribute.int('value_int', 1))).toEqual(['onnx/attribute']);
    expect(await codes({ ...one, name: 'value' })).toEqual(['onnx/attribute']);
    expect(await codes({ ...one, name: 'values' })).toEqual(['onnx/attribute']);
    expect(await codes({ name: 'value', type: 4 })).toEqual(['onnx/attribute']);
    expect(await codes(one, one)).toEqual(['onnx/duplicate-name', 'onnx/attribute']);
    expect(await codes(attribute.string('value_string', 'a'))).toEqual(['onnx/string-tensor']);
    expect(await codes({ name: 'value_strings', type: 8 })).toEqual(['onnx/string-tensor']);
    expect(await codes({ name: 'sparse_value', type: 11, sparseTensor: {} })).toEqual([
      'onnx/sparse',
      'onnx/attribute',
    ]);
    expect(await codes(attribute.float('value_float', NaN))).toEqual(['onnx/nan-weights']);
    expect(await codesOf(graph => void graph.node!.push(constant('w', one)))).toEqual(['onnx/duplicate-name']);
    expect(await codesOf(graph => void graph.node!.push(constant('c', one), constant('c', one)))).toEqual([
      'onnx/duplicate-name',
    ]);
    expect(
      await codesOf(graph => {
        graph.node!.push(node('Constant', [], ['c', 'second'], [one]));
        graph.node![1]!.input = ['second'];
      }),
    ).toEqual(['onnx/undefined-value']);
  });
});
