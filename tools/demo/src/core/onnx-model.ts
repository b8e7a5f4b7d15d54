// The file that a trainer's own tools would write: one Gemm over the points, in ONNX's protobuf. Names and producer are
// the trainer's habit; the arena takes them away.
import { CLASSES, FEATURES } from './problem-set.js';
import type { Weights } from './train.js';

export interface Habit {
  producer: string;
  /** Of the values: the input, the two weights, the output. */
  names: readonly [string, string, string, string];
}

const FLOAT = 1;
const OPSET = 17;
const IR_VERSION = 8;

export function onnxModel({ weights, bias }: Weights, { producer, names }: Habit): Uint8Array {
  const [input, matrix, vector, output] = names;
  const node = [...[input, matrix, vector].map(name => text(1, name)), text(2, output), text(4, 'Gemm')];
  const graph = [
    bytes(1, node),
    text(2, producer),
    bytes(5, tensor(matrix, [FEATURES, CLASSES], weights)),
    bytes(5, tensor(vector, [CLASSES], bias)),
    bytes(11, value(input, FEATURES)),
    bytes(12, value(output, CLASSES)),
  ];
  return joined([number(1, IR_VERSION), text(2, producer), bytes(7, graph), bytes(8, [text(1, ''), number(2, OPSET)])]);
}

const tensor = (name: string, dims: readonly number[], elements: Float32Array) => [
  ...dims.map(dim => number(1, dim)),
  number(2, FLOAT),
  text(8, name),
  bytes(9, [new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)]),
];

/** A row for each point of the batch. */
function value(name: string, columns: number): Uint8Array[] {
  const shape = [bytes(1, [text(2, 'batch')]), bytes(1, [number(1, columns)])];
  const type = [bytes(1, [number(1, FLOAT), bytes(2, shape)])];
  return [text(1, name), bytes(2, type)];
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    digits.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) return Uint8Array.from(digits);
  }
}

const number = (field: number, value: number) => joined([varint(field * 8), varint(value)]);
const text = (field: number, value: string) => bytes(field, [new TextEncoder().encode(value)]);

function bytes(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  return joined([varint(field * 8 + 2), varint(content.length), content]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
