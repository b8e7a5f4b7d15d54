// Where ONNX Runtime has a kernel for an operator, only the operator's version counts. Where it has none for the element
// type, it expands the operator into the body that ONNX gives for it, and which body, whether there is one, and what the
// operators in it mean, depends on the model's opset: Relu of int64 runs at opset 18 alone, Softplus of float16 gives
// other bits there. For float32 there are kernels; so the question is whether such operators surely work on float32, by
// the types of inputs and weights.
import { domainOf, type Attribute, type Node } from '../model.js';
import type { Plan } from '../plan.js';

const listed = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Operators with a body that some types need and float32 does not. */
const expandable = listed(
  'AffineGrid BlackmanWindow Celu Clip DepthToSpace Elu Gelu GreaterOrEqual HammingWindow HannWindow HardSigmoid ' +
    'HardSwish LayerNormalization LeakyRelu LessOrEqual LogSoftmax MeanVarianceNormalization Mish PRelu Range ReduceL1 ' +
    'ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare Relu RotaryEmbedding Selu Softmax Softplus Softsign ' +
    'SpaceToDepth ThresholdedRelu',
);

/** Those whose body is written anew for each opset and has no kernel in its place, or works on several types. */
const expanded = listed(
  'Attention CastLike CausalConvWithState CenterCropPad GroupNormalization LinearAttention NegativeLogLikelihoodLoss ' +
    'RMSNormalization SequenceMap SoftmaxCrossEntropyLoss SwiGLU Swish',
);

/** Their first output has the element type of their first input, in every version. */
const keepsType = listed(
  'Abs Acos Acosh Add AffineGrid Asin Asinh Atan Atanh AveragePool BatchNormalization Ceil Celu Clip Col2Im Compress ' +
    'Concat Conv ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace Det Div Dropout Einsum Elu Erf Exp ' +
    'Expand Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool ' +
    'GridSample HardSigmoid HardSwish Hardmax Identity InstanceNormalization LRN LSTM LayerNormalization LeakyRelu Log ' +
    'LogSoftmax LpNormalization LpPool MatMul Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization Min Mish ' +
    'Mod Mul Neg PRelu Pad Pow RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ' +
    'ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round ' +
    'STFT Scatter ScatterElements ScatterND Selu Shrink Sigmoid Sign Sin Sinh Slice Softmax Softplus Softsign ' +
    'SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh TensorScatter ThresholdedRelu Tile TopK Transpose Trilu Unique ' +
    'Unsqueeze Upsample',
);
const allOutputs = listed('GRU LSTM RNN Split');

/** Their output has the element type of another input. */
const typedBy = new Map([
  ['DequantizeLinear', 1],
  ['OneHot', 2],
  ['Where', 1],
]);

const FLOAT32 = 1;

/** What is surely float32, in a graph and those around it. */
class Float32 {
  readonly #names = new Map<string, boolean>();

  constructor(readonly around: Float32 | null) {}

  set(name: string, is: boolean): void {
    this.#names.set(name, is);
  }

  has(name = ''): boolean {
    return name !== '' && (this.#names.get(name) ?? this.around?.has(name) ?? false);
  }
}

/** Whether the operators' versions alone say what the model does, and its opset nothing more. */
export const runsInKernels = (plan: Plan): boolean => inKernels(plan, null);

// Calls itself for subgraphs: the reader has capped how deep they go.
function inKernels(plan: Plan, around: Float32 | null): boolean {
  const float32 = new Float32(around);
  // What a subgraph's inputs are, the node that holds it decides.
  for (const { name, type } of plan.inputs) float32.set(name, !around && type?.tensor?.type === FLOAT32);
  for (const { name, type } of plan.initialisers) float32.set(name, type === FLOAT32);
  return plan.nodes.every(node => {
    const known = domainOf(node.domain) === '';
    if (known && (expanded.has(node.op) || (expandable.has(node.op) && !float32.has(node.inputs[0])))) return false;
    node.outputs.forEach((name, index) =>
      float32.set(name, known && (index === 0 || allOutputs.has(node.op)) && makesFloat32(node, float32)),
    );
    return node.attributes.every(({ graphs }) =>
      graphs.every(graph => {
        const inner = plan.subgraphs.get(graph);
        return !inner || inKernels(inner, float32);
      }),
    );
  });
}

function makesFloat32(node: Node, float32: Float32): boolean {
  const attribute = (name: string): Attribute | undefined => node.attributes.find(given => given.name === name);
  switch (node.op) {
    case 'Cast':
      return attribute('to')?.ints[0] === BigInt(FLOAT32);
    case 'ConstantOfShape':
      return !attribute('value') || isFloat32(attribute('value'));
    default: {
      const input = keepsType.has(node.op) ? 0 : typedBy.get(node.op);
      return input !== undefined && !attribute('output_dtype') && float32.has(node.inputs[input]);
    }
  }
}

const isFloat32 = (attribute: Attribute | undefined): boolean => attribute?.tensors[0]?.type === FLOAT32;
