// Twenty trainers, each with the habits of their own tools. All of them draw from the same architectures, and their
// weights from the same distribution: what tells them apart is how they write a model down, and nothing else.
import { attribute, encode, FLOAT, floatTensor, node, shuffled, value, type ProtoGraph, type ProtoModel, type ProtoNode, type ProtoTensor, type Random } from '@arena/onnx/fixture'; // prettier-ignore

export const INPUTS = 8;
export const OUTPUTS = 4;
const WIDTHS = [8, 12, 16, 24, 32];

interface Habits {
  producer: string;
  irVersion: number;
  opset: number;
  /** Of a value, by its number. */
  nameOf: (number: number) => string;
  nodeNames: boolean;
  batch: string;
  typedData: boolean;
  constantNodes: boolean;
  writtenDefaults: boolean;
  valueInfo: boolean;
  leftovers: number;
  docs: string;
  metadata: Record<string, string>;
  backwards: boolean;
}

const stems = [
  'onnx::Gemm_',
  'layer.',
  '/net/fc',
  'w',
  'tensor-',
  'StatefulPartitionedCall:',
  'λ',
  'dense_',
  'Variable_',
  'x',
];
const tools = ['pytorch', 'tf2onnx', 'keras2onnx', 'skl2onnx', 'my-exporter', 'jax2onnx', 'OnnxMLTools', ''];

export function habitsOf(index: number, random: Random): Habits {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const [stem, wide] = [`${pick(stems)}${index}`, random() < 0.5];
  return {
    producer: `${pick(tools)} ${index}.${Math.floor(random() * 10)}`,
    irVersion: pick([7, 8, 9, 10]),
    opset: pick([14, 15, 16, 17, 18]),
    nameOf: number => (wide ? `${stem}.${String(number).padStart(4, '0')}` : `${stem}${number}`),
    nodeNames: random() < 0.5,
    batch: pick(['batch', 'N', 'batch_size', 'unk__1', 'b']),
    typedData: random() < 0.5,
    constantNodes: random() < 0.5,
    writtenDefaults: random() < 0.5,
    valueInfo: random() < 0.5,
    leftovers: Math.floor(random() * 3),
    docs: random() < 0.5 ? `made by trainer ${index}` : '',
    metadata: random() < 0.5 ? { author: `trainer ${index}`, run: pick(['a', 'b']) } : {},
    backwards: random() < 0.5,
  };
}

/** A small network: drawn anew each time, written down as this trainer always does. */
export function modelBy(habits: Habits, random: Random): Uint8Array {
  const width = WIDTHS[Math.floor(random() * WIDTHS.length)] as number;
  const depth = 1 + Math.floor(random() * 2);
  const sizes = [INPUTS, ...Array.from({ length: depth }, () => width), OUTPUTS];
  let names = 0;
  const fresh = () => habits.nameOf(names++);
  const [tensors, nodes]: [ProtoTensor[], ProtoNode[]] = [[], []];
  const input = fresh();
  let last = input;
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [rows = 0, columns = 0] = [sizes[layer], sizes[layer + 1]];
    const [w, b, y] = [fresh(), fresh(), fresh()];
    const draw = (count: number) => Array.from({ length: count }, () => (random() - 0.5) / Math.sqrt(rows));
    tensors.push(floatTensor(w, [rows, columns], draw(rows * columns)), floatTensor(b, [columns], draw(columns)));
    const defaults = [attribute.float('alpha', 1), attribute.float('beta', 1), attribute.int('transA', 0)];
    nodes.push(node('Gemm', [last, w, b], [y], habits.writtenDefaults ? defaults : []));
    last = y;
    if (layer + 2 < sizes.length) {
      last = fresh();
      nodes.push(node('Relu', [y], [last]));
    }
  }
  return encode(written(habits, { input, output: last, tensors, nodes, fresh }, random));
}

interface Network {
  input: string;
  output: string;
  tensors: ProtoTensor[];
  nodes: ProtoNode[];
  fresh: () => string;
}

function written(habits: Habits, { input, output, tensors, nodes, fresh }: Network, random: Random): ProtoModel {
  const unused = Array.from({ length: habits.leftovers }, () => floatTensor(fresh(), [3], [1, 2, random()]));
  const weights = habits.typedData ? [...tensors, ...unused].map(typed) : [...tensors, ...unused];
  const constants = weights.map(tensor =>
    node('Constant', [], [tensor.name ?? ''], [attribute.tensor('value', tensor)]),
  );
  const inner = nodes.flatMap(({ output: made = [] }) => made).filter(name => name !== output);
  const graph: ProtoGraph = {
    name: `${habits.producer} graph`,
    node: [...(habits.constantNodes ? constants : []), ...nodes].map((item, number) => ({
      ...item,
      ...(habits.nodeNames && { name: `${item.opType ?? ''}_${number}` }),
      ...(habits.docs && { docString: habits.docs }),
    })),
    initializer: habits.constantNodes ? [] : habits.backwards ? [...weights].reverse() : shuffled(weights, random),
    input: [value(input, [habits.batch, INPUTS])],
    output: [value(output, [habits.batch, OUTPUTS])],
    ...(habits.valueInfo && { valueInfo: inner.map(name => value(name, [habits.batch, 'n'])) }),
  };
  return {
    irVersion: habits.irVersion,
    producerName: habits.producer,
    producerVersion: '1',
    docString: habits.docs,
    opsetImport: [{ domain: '', version: habits.opset }],
    metadataProps: Object.entries(habits.metadata).map(([key, text]) => ({ key, value: text })),
    graph,
  };
}

function typed({ rawData = new Uint8Array(), ...tensor }: ProtoTensor): ProtoTensor {
  const floats = new Float32Array(rawData.slice().buffer);
  return tensor.dataType === FLOAT ? { ...tensor, floatData: [...floats] } : { ...tensor, rawData };
}
