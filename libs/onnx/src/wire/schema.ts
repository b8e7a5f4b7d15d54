// The ONNX subset that tasks allow, field by field. Numbers are those of onnx.proto up to IR version 14.
// Skipped are documentation, metadata and placement: they change no output. A field that is not here is refused.
import {
  newAttribute,
  newGraph,
  newNode,
  newTensor,
  type Attribute,
  type Graph,
  type Model,
  type Node,
  type Opset,
  type Shape,
  type Tensor,
  type Value,
  type ValueType,
} from '../model.js';
import {
  blob,
  BYTES,
  FIXED32,
  FIXED64,
  float,
  floats,
  int,
  ints,
  many,
  one,
  refuse,
  skip,
  skipInt,
  text,
  VARINT,
} from './field.js';
import type { Field, Fields } from './field.js';

const data = (wire: number): Field<Tensor> => ({
  kind: 'data',
  wire,
  set: (tensor, piece) => tensor.pieces.push(piece),
});

const entryFields: Fields<{ key: string; value: string }> = {
  1: text((entry, value) => (entry.key = value)),
  2: text((entry, value) => (entry.value = value)),
};

const tensorFields: Fields<Tensor> = {
  1: ints((tensor, value) => tensor.dims.push(value)),
  2: int((tensor, value) => (tensor.type = Number(value))),
  3: { kind: 'skip', wire: BYTES, seen: tensor => (tensor.hasSegment = true) },
  4: data(FIXED32),
  5: data(VARINT),
  6: { kind: 'skip', wire: BYTES, seen: tensor => (tensor.hasStrings = true) },
  7: data(VARINT),
  8: text((tensor, value) => (tensor.name = value)),
  9: { kind: 'span', set: (tensor, span) => (tensor.raw = span) },
  10: data(FIXED64),
  11: data(VARINT),
  12: skip,
  13: many('external_data', () => entryFields, tensor => tensor.externalData, () => ({ key: '', value: '' })),
  14: int((tensor, value) => (tensor.external = value === 1n)),
  16: skip,
}; // prettier-ignore

const dimFields: Fields<{ value: bigint | null }> = {
  // Runtimes take a negative dimension for an unknown one.
  1: int((dim, value) => (dim.value = value < 0n ? null : value)),
  2: { kind: 'skip', wire: BYTES, seen: dim => (dim.value = null) },
  3: skip,
};

const shapeFields: Fields<Shape> = {
  1: many('dim', () => dimFields, shape => shape.dims, () => ({ value: null })),
}; // prettier-ignore

const tensorTypeFields: Fields<NonNullable<ValueType['tensor']>> = {
  1: int((tensor, value) => (tensor.type = Number(value))),
  2: one(
    'shape',
    () => shapeFields,
    tensor => (tensor.shape ??= { dims: [] }),
  ),
};

const otherType: Field<ValueType> = {
  kind: 'skip',
  wire: BYTES,
  seen: type => {
    type.other = true;
    type.tensor = null;
  },
};

const typeFields: Fields<ValueType> = {
  1: one('tensor_type', () => tensorTypeFields, type => {
    type.other = false;
    return (type.tensor ??= { type: 0, shape: null });
  }),
  4: otherType,
  5: otherType,
  6: skip,
  7: otherType,
  8: otherType,
  9: otherType,
}; // prettier-ignore

const valueFields: Fields<Value> = {
  1: text((value, name) => (value.name = name)),
  2: one(
    'type',
    () => typeFields,
    value => (value.type ??= { tensor: null, other: false }),
  ),
  3: skip,
  4: skip,
};

const given = (attribute: Attribute, type: number): void => {
  attribute.given |= 1 << type;
};

/** Both the single value and the list of a kind land in one list; `given` tells them apart. */
const attributeFields: Fields<Attribute> = {
  1: text((attribute, value) => (attribute.name = value)),
  2: float((attribute, bits) => {
    given(attribute, 1);
    attribute.floats[0] = bits;
  }),
  3: int((attribute, value) => {
    given(attribute, 2);
    attribute.ints[0] = value;
  }),
  4: blob((attribute, value) => {
    given(attribute, 3);
    attribute.strings[0] = value;
  }),
  5: one('t', () => tensorFields, attribute => {
    given(attribute, 4);
    return (attribute.tensors[0] ??= newTensor());
  }),
  6: one('g', () => graphFields, attribute => {
    given(attribute, 5);
    return (attribute.graphs[0] ??= newGraph());
  }),
  7: floats((attribute, bits) => {
    given(attribute, 6);
    attribute.floats.push(bits);
  }),
  8: ints((attribute, value) => {
    given(attribute, 7);
    attribute.ints.push(value);
  }),
  9: blob((attribute, value) => {
    given(attribute, 8);
    attribute.strings.push(value);
  }),
  10: many('tensors', () => tensorFields, attribute => {
    given(attribute, 9);
    return attribute.tensors;
  }, newTensor),
  11: many('graphs', () => graphFields, attribute => {
    given(attribute, 10);
    return attribute.graphs;
  }, newGraph),
  13: skip,
  14: refuse('onnx/attribute', 'an attribute that holds a type'),
  15: refuse('onnx/attribute', 'an attribute that holds types'),
  20: int((attribute, value) => (attribute.type = Number(value))),
  21: { kind: 'refuse', code: 'onnx/functions', detail: 'an attribute refers to one of a function', unlessEmpty: true },
  22: refuse('onnx/sparse', 'an attribute holds a sparse tensor'),
  23: refuse('onnx/sparse', 'an attribute holds sparse tensors'),
}; // prettier-ignore

const nodeFields: Fields<Node> = {
  1: text((node, value) => node.inputs.push(value)),
  2: text((node, value) => node.outputs.push(value)),
  3: skip,
  4: text((node, value) => (node.op = value)),
  5: many(
    'attribute',
    () => attributeFields,
    node => node.attributes,
    newAttribute,
  ),
  6: skip,
  7: text((node, value) => (node.domain = value)),
  8: { kind: 'refuse', code: 'onnx/functions', detail: 'a node names an overload of a function', unlessEmpty: true },
  9: skip,
  10: skip,
};

const newValue = (): Value => ({ name: '', type: null });

const graphFields: Fields<Graph> = {
  1: many(
    'node',
    () => nodeFields,
    graph => graph.nodes,
    newNode,
  ),
  2: skip,
  5: many(
    'initializer',
    () => tensorFields,
    graph => graph.initialisers,
    newTensor,
  ),
  10: skip,
  11: many(
    'input',
    () => valueFields,
    graph => graph.inputs,
    newValue,
  ),
  12: many(
    'output',
    () => valueFields,
    graph => graph.outputs,
    newValue,
  ),
  13: many(
    'value_info',
    () => valueFields,
    graph => graph.values,
    newValue,
  ),
  14: skip,
  15: refuse('onnx/sparse', 'a sparse initialiser'),
  16: skip,
};

const opsetFields: Fields<Opset> = {
  1: text((opset, value) => (opset.domain = value)),
  2: int((opset, value) => (opset.version = value)),
};

export const modelFields: Fields<Model> = {
  1: int((model, value) => (model.irVersion = Number(value))),
  2: skip,
  3: skip,
  4: skip,
  5: skipInt,
  6: skip,
  7: one('graph', () => graphFields, model => (model.graph ??= newGraph())),
  8: many('opset_import', () => opsetFields, model => model.opsets, () => ({ domain: '', version: 0n })),
  14: skip,
  20: refuse('onnx/training-info', 'the model holds training information'),
  25: refuse('onnx/functions', 'the model defines functions'),
  26: skip,
}; // prettier-ignore
