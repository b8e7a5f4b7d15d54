// A Constant node is an initialiser written another way, and ONNX Runtime takes it for one when it loads a model. So do
// we, from the start: it counts as a tensor and not as a node, needs no place on a task's list, and leaves no trace.
import type { Findings } from './error.js';
import { newTensor, operatorOf, type Attribute, type Node, type Tensor } from './model.js';

const FLOAT32 = 1;
const INT64 = 7;

/** The attributes that may hold the value, and of which type each is. */
const types = new Map([
  ['value_float', 1],
  ['value_int', 2],
  ['value_string', 3],
  ['value', 4],
  ['value_floats', 6],
  ['value_ints', 7],
  ['value_strings', 8],
]);

export const isConstant = (node: Node): boolean => operatorOf(node) === 'Constant';

/** The initialiser that a Constant is; null, and the reason among the findings, where it has no single value. */
export function constantOf(node: Node, where: string, findings: Findings): Tensor | null {
  const [attribute, ...more] = node.attributes;
  const name = node.outputs[0] ?? '';
  const tensor = attribute && more.length === 0 && types.get(attribute.name) === attribute.type && tensorOf(attribute);
  if (tensor) return { ...tensor, name };
  findings.add('onnx/attribute', where, 'a Constant has one value');
  return null;
}

function tensorOf({ type, floats, ints, strings, tensors }: Attribute): Tensor | undefined {
  // A single value that is zero may have been left out.
  if (type === 1) return held(FLOAT32, [], Uint32Array.of(floats[0] ?? 0));
  if (type === 2) return held(INT64, [], BigInt64Array.of(ints[0] ?? 0n));
  if (type === 6) return held(FLOAT32, [BigInt(floats.length)], Uint32Array.from(floats));
  if (type === 7) return held(INT64, [BigInt(ints.length)], BigInt64Array.from(ints));
  if (type === 3 || type === 8) return { ...newTensor(), dims: [BigInt(strings.length)], hasStrings: true };
  return tensors[0];
}

const held = (type: number, dims: bigint[], { buffer }: Uint32Array | BigInt64Array): Tensor => ({
  ...newTensor(),
  type,
  dims,
  held: new Uint8Array(buffer),
});
