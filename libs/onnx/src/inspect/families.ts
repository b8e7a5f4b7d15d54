// Families of operators: how the shape of the first output follows from the inputs, and what it costs to fill it.
import type { Node } from '../model.js';

export type Shape = number[];
type Known = Shape | null | undefined;

interface Family {
  operators: string;
  shape?(inputs: readonly Known[], node: Node): Shape | null;
  flops(inputs: readonly Known[], output: Shape | null, node: Node): number | null;
}

const product = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);
const intOf = (node: Node, name: string): number | undefined => intsOf(node, name)?.[0];
const intsOf = (node: Node, name: string): number[] | undefined =>
  node.attributes.find(attribute => attribute.name === name)?.ints.map(Number);

function broadcast(inputs: readonly Known[]): Shape | null {
  let shape: Shape = [];
  for (const input of inputs) {
    if (!input) return null;
    const rank = Math.max(shape.length, input.length);
    const dim = (of: Shape, axis: number): number => of[axis - rank + of.length] ?? 1;
    shape = Array.from({ length: rank }, (_, axis) => Math.max(dim(shape, axis), dim(input, axis)));
  }
  return shape;
}

const matMulShape = ([a, b]: readonly Known[]): Shape | null => {
  if (!a || !b || a.length < 2 || b.length < 2) return null;
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
  return batch && [...batch, a.at(-2) ?? 1, b.at(-1) ?? 1];
};

const gemmShape = ([a, b]: readonly Known[], node: Node): Shape | null =>
  a?.length === 2 && b?.length === 2
    ? [a[intOf(node, 'transA') ? 1 : 0] ?? 1, b[intOf(node, 'transB') ? 0 : 1] ?? 1]
    : null;

/** Windows of `kernel` over the spatial axes of the first input. */
function slide(input: Known, channels: number | undefined, kernel: number[] | undefined, node: Node): Shape | null {
  const automatic = node.attributes.find(({ name }) => name === 'auto_pad')?.strings[0];
  if (!input || !kernel || channels === undefined || (automatic && automatic[0] !== 'N'.charCodeAt(0))) return null;
  const strides = intsOf(node, 'strides');
  const dilations = intsOf(node, 'dilations');
  const pads = intsOf(node, 'pads');
  const spatial = kernel.map((size, axis) => {
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + kernel.length] ?? 0);
    const span = (size - 1) * (dilations?.[axis] ?? 1) + 1;
    return Math.floor(((input[axis + 2] ?? 1) + padding - span) / (strides?.[axis] ?? 1)) + 1;
  });
  return [input[0] ?? 1, channels, ...spatial];
}

const same = ([input]: readonly Known[]): Shape | null => input ?? null;
const perOutput =
  (times: number): Family['flops'] =>
  (_, output) =>
    output && times * product(output);

const families: readonly Family[] = [
  {
    operators:
      'Abs Acos Add And Asin Atan Ceil Celu Clip Cos Div Elu Equal Erf Exp Floor Gelu Greater GreaterOrEqual ' +
      'HardSigmoid HardSwish LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or PRelu Pow Reciprocal ' +
      'Relu Round Selu Sigmoid Sign Sin Softplus Softsign Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor',
    shape: (inputs, { op }) => (op === 'Clip' ? same(inputs) : broadcast(inputs)),
    flops: perOutput(1),
  },
  {
    operators: 'BatchNormalization GroupNormalization InstanceNormalization LayerNormalization LogSoftmax LRN RMSNormalization Softmax', // prettier-ignore
    shape: same,
    flops: perOutput(5),
  },
  {
    operators: 'MatMul',
    shape: matMulShape,
    flops: ([a], output) => output && (a ? 2 * product(output) * (a.at(-1) ?? 1) : null),
  },
  {
    operators: 'Gemm',
    shape: gemmShape,
    flops: ([a], output, node) =>
      output && (a ? product(output) * (2 * (a[intOf(node, 'transA') ? 0 : 1] ?? 1) + 1) : null),
  },
  {
    operators: 'Conv',
    shape: ([input, weights], node) => slide(input, weights?.[0], weights?.slice(2), node),
    flops: ([, weights], output) => output && (weights ? 2 * product(output) * product(weights.slice(1)) : null),
  },
  {
    operators: 'ConvTranspose',
    flops: ([input, weights]) => (input && weights ? 2 * product(input) * product(weights.slice(1)) : null),
  },
  {
    operators: 'AveragePool LpPool MaxPool',
    shape: ([input], node) => slide(input, input?.[1], intsOf(node, 'kernel_shape'), node),
    flops: (_, output, node) => output && product(output) * product(intsOf(node, 'kernel_shape') ?? []),
  },
  {
    operators: 'GlobalAveragePool GlobalLpPool GlobalMaxPool',
    shape: ([input]) => input?.map((dim, axis) => (axis < 2 ? dim : 1)) ?? null,
    flops: ([input]) => (input ? product(input) : null),
  },
  {
    operators:
      'ArgMax ArgMin CumSum ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ' +
      'ReduceSum ReduceSumSquare',
    flops: ([input]) => (input ? product(input) : null),
  },
  {
    operators: 'GRU LSTM RNN',
    flops: ([input, weights, recurrent]) =>
      input && weights && recurrent ? 2 * product(input.slice(0, 2)) * (product(weights) + product(recurrent)) : null,
  },
  {
    operators: 'Cast Dropout Identity',
    shape: same,
    flops: () => 0,
  },
  {
    operators: 'Flatten',
    shape: ([input], node) => {
      const axis = intOf(node, 'axis') ?? 1;
      return input ? [product(input.slice(0, axis)), product(input.slice(axis))] : null;
    },
    flops: () => 0,
  },
  {
    operators:
      'Compress Concat ConstantOfShape DepthToSpace Expand Gather GatherElements GatherND OneHot Pad Range ' +
      'Reshape ScatterElements ScatterND Shape Size Slice SpaceToDepth Split Squeeze Tile Transpose Trilu Unsqueeze',
    flops: () => 0,
  },
];

const byOperator = new Map(
  families.flatMap(family => family.operators.split(' ').map(name => [name, family] as const)),
);

export const familyOf = (node: Node): Family | undefined =>
  node.domain === '' || node.domain === 'ai.onnx' ? byOperator.get(node.op) : undefined;
