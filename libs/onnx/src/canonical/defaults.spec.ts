import { describe, expect, it } from 'vitest';
import { canonicalOf } from '../fixture/canonical.js';
import { attribute, floatTensor, model, node, value } from '../fixture/parts.js';
import { decode, encode, type ProtoAttribute } from '../fixture/proto.js';

/** The names of the attributes that are left of a node. */
async function left(op: string, given: ProtoAttribute[], opset = 17): Promise<string[]> {
  const made = model(
    {
      node: [node(op, ['x', 'w'], ['y'], given)],
      initializer: [floatTensor('w', [1, 1, 1, 1], [1])],
      input: [value('x', ['n', 1, 2, 2])],
      output: [value('y', ['n', 1, 2, 2])],
    },
    opset,
  );
  const { graph } = decode(await canonicalOf(encode(made)));
  return graph!.node![0]!.attribute!.map(({ name = '' }) => name);
}

describe('an attribute that repeats its default', () => {
  it('is dropped, be it a number, a string or a list', async () => {
    const gemm = [attribute.float('alpha', 1), attribute.float('beta', 1), attribute.int('transA', 0)];
    expect(await left('Gemm', gemm)).toEqual([]);
    expect(await left('Gemm', [{ name: 'transB', type: 2 }])).toEqual([]);
    expect(await left('Resize', [attribute.string('mode', 'nearest'), attribute.float('cubic_coeff_a', -0.75)])).toEqual([]);
    expect(await left('MeanVarianceNormalization', [attribute.ints('axes', [0, 2, 3])])).toEqual([]);
  }); // prettier-ignore

  it('stays where one bit or the type is another', async () => {
    for (const given of [attribute.float('alpha', 1.0000001), attribute.int('alpha', 1), { name: 'alpha', type: 1 }])
      expect(await left('Gemm', [given])).toEqual(['alpha']);
    expect(await left('Shrink', [attribute.float('bias', -0)])).toEqual(['bias']);
    expect(await left('Resize', [attribute.string('mode', `nearest${'\0'.repeat(40)}`)])).toEqual(['mode']);
    expect(await left('MeanVarianceNormalization', [attribute.ints('axes', [0, 2])])).toEqual(['axes']);
  });

  it('is held against the version that the opset means', async () => {
    for (const op of ['Softmax', 'LogSoftmax', 'Hardmax'])
      for (const [opset, axis] of [
        [12, 1],
        [13, -1],
      ] as const) {
        expect(await left(op, [attribute.int('axis', axis)], opset)).toEqual([]);
        expect(await left(op, [attribute.int('axis', -axis)], opset)).toEqual(['axis']);
      }
    expect(await left('Reshape', [attribute.int('allowzero', 0)], 14)).toEqual([]);
    expect(await left('Reshape', [attribute.int('allowzero', 0)], 13)).toEqual(['allowzero']);
    expect(await left('Dropout', [attribute.float('ratio', 0.5)], 11)).toEqual([]);
    expect(await left('Dropout', [attribute.float('ratio', 0.5)], 12)).toEqual(['ratio']);
  });

  it('stays where we do not know the operator or the opset', async () => {
    const alpha = attribute.float('alpha', 1);
    expect(await left('Gemm', [alpha], 28)).toEqual([]);
    expect(await left('Gemm', [alpha], 29)).toEqual(['alpha']);
    expect(await left('Unheard', [alpha])).toEqual(['alpha']);
    expect(await left('constructor', [alpha])).toEqual(['alpha']);
  });

  it('is dropped of windows whatever their rank, but not of pads beside another auto_pad', async () => {
    const window = [
      attribute.ints('kernel_shape', [1, 1]),
      attribute.ints('strides', [1, 1]),
      attribute.ints('dilations', [1, 1]),
      attribute.ints('pads', [0, 0, 0, 0]),
    ];
    for (const op of ['Conv', 'ConvTranspose', 'MaxPool']) {
      expect(await left(op, window)).toEqual(['kernel_shape']);
      expect(await left(op, [...window, attribute.string('auto_pad', 'NOTSET')])).toEqual(['kernel_shape']);
      expect(await left(op, [...window, attribute.string('auto_pad', 'SAME_UPPER')])).toEqual([
        'auto_pad',
        'kernel_shape',
        'pads',
      ]);
    }
    expect(await left('Conv', [attribute.ints('strides', [1, 2]), attribute.ints('pads', [0, 0, 0, 1])])).toEqual([
      'pads',
      'strides',
    ]);
  });
});
