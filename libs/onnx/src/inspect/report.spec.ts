import { describe, expect, it } from 'vitest';
import { bytesSource, type Report } from '../index.js';
import { inspectLoosely } from '../fixture/canonical.js';
import { attribute, floatTensor, intTensor, model, node, tinyModel, value } from '../fixture/parts.js';
import { encode, type ProtoGraph } from '../fixture/proto.js';

const reportOf = async (graph: ProtoGraph): Promise<Report> => {
  const inspection = await inspectLoosely({ model: bytesSource(encode(model(graph))) });
  expect(inspection.reasons).toEqual([]);
  return inspection.report!;
};
const zeros = (name: string, dims: number[]) =>
  floatTensor(name, dims, Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0));

describe('the report', () => {
  it('says what is in the model', async () => {
    const { report } = await inspectLoosely({ model: bytesSource(encode(tinyModel())) });
    expect(report).toEqual({
      irVersion: 8,
      opset: 17,
      opsets: [{ domain: '', version: 17 }],
      operators: [
        { name: 'Gemm', count: 1 },
        { name: 'Relu', count: 1 },
      ],
      nodes: 2,
      depth: 0,
      parameters: 9,
      staticTensorBytes: 36,
      inputs: [{ name: 'x', type: 'float32', shape: [null, 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: [null, 3] }],
      // Three outputs of two products and sums each, their biases, and three comparisons.
      flops: 3 * (2 * 2 + 1) + 3,
    });
  });

  it('does not count whole numbers of 64 bits as parameters', async () => {
    const { parameters, staticTensorBytes } = await reportOf({
      node: [node('Reshape', ['x', 's'], ['y'])],
      initializer: [intTensor('s', [2], [2, 8])],
      input: [value('x', [4, 4])],
      output: [value('y', [2, 8])],
    });
    expect({ parameters, staticTensorBytes }).toEqual({ parameters: 0, staticTensorBytes: 16 });
  });

  it('estimates a small network of convolutions as by hand', async () => {
    const { flops } = await reportOf({
      node: [
        node('Conv', ['x', 'k'], ['c'], [attribute.ints('pads', [1, 1, 1, 1])]),
        node('Relu', ['c'], ['r']),
        node('MaxPool', ['r'], ['p'], [attribute.ints('kernel_shape', [2, 2]), attribute.ints('strides', [2, 2])]),
        node('Flatten', ['p'], ['f']),
        node('MatMul', ['f', 'w'], ['y']),
      ],
      initializer: [zeros('k', [8, 3, 3, 3]), zeros('w', [8 * 16 * 16, 10])],
      input: [value('x', ['n', 3, 32, 32])],
      output: [value('y', ['n', 10])],
    });
    const conv = 2 * 8 * 32 * 32 * (3 * 3 * 3);
    expect(flops).toBe(conv + 8 * 32 * 32 + 4 * 8 * 16 * 16 + 2 * 10 * (8 * 16 * 16));
  });

  it('gives no estimate where a shape that costs something is unknown', async () => {
    const { flops } = await reportOf({
      node: [node('Transpose', ['x'], ['t']), node('MatMul', ['t', 'w'], ['m']), node('Relu', ['m'], ['y'])],
      initializer: [zeros('w', [4, 4])],
      input: [value('x', [4, 4])],
      output: [value('y', [4, 4])],
    });
    expect(flops).toBeNull();
  });

  it('counts how deep subgraphs are nested', async () => {
    const inner: ProtoGraph = { node: [node('Relu', ['x'], ['o'])], output: [value('o', [4])] };
    const outer: ProtoGraph = {
      node: [node('If', ['c'], ['p'], [attribute.graph('then_branch', inner), attribute.graph('else_branch', inner)])],
      output: [value('p', [4])],
    };
    const { depth, nodes } = await reportOf({
      node: [node('If', ['c'], ['y'], [attribute.graph('then_branch', outer), attribute.graph('else_branch', inner)])],
      input: [value('x', [4]), value('c', [], 9)],
      output: [value('y', [4])],
    });
    expect({ depth, nodes }).toEqual({ depth: 2, nodes: 5 });
  });
});
