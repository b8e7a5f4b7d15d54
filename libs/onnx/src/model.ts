// A model as it was read: its structure, and where in the files the data of its tensors lie.
import type { Span } from './source.js';

/** Encoded elements of one typed data field, such as float_data. */
export interface DataPiece extends Span {
  field: number;
}

export interface Tensor {
  name: string;
  dims: bigint[];
  type: number;
  raw: Span | null;
  pieces: DataPiece[];
  external: boolean;
  externalData: { key: string; value: string }[];
  hasStrings: boolean;
  hasSegment: boolean;
  /** Elements that are no tensor's in the file, as raw bytes. */
  held: Uint8Array | null;
}

/** More dimensions than any operator works on. Where they are counted a file cannot make shapes endless. */
export const MAX_RANK = 32;

/** null is a dimension that only the run knows. */
export type Dim = bigint | null;

export interface Shape {
  dims: { value: Dim }[];
}

export interface ValueType {
  tensor: { type: number; shape: Shape | null } | null;
  /** A sequence, map, optional or sparse tensor. */
  other: boolean;
}

export interface Value {
  name: string;
  type: ValueType | null;
}

export interface Attribute {
  name: string;
  /** AttributeProto.AttributeType */
  type: number;
  /** One bit for each attribute type that a value was given for. */
  given: number;
  /** The bits of each float, so that no NaN changes on its way. */
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
  tensors: Tensor[];
  graphs: Graph[];
}

export interface Node {
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Attribute[];
}

export interface Graph {
  nodes: Node[];
  initialisers: Tensor[];
  inputs: Value[];
  outputs: Value[];
  /** Declared shapes of values in between: good enough for an estimate, and for nothing else. */
  values: Value[];
}

export interface Opset {
  domain: string;
  version: bigint;
}

export interface Model {
  irVersion: number;
  opsets: Opset[];
  graph: Graph | null;
}

/** `ai.onnx` is a second spelling of the domain with the empty name. */
export const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** An operator as task specs write it: `Name`, or `domain:Name` outside the default domain. */
export const operatorOf = (node: Node): string => (domainOf(node.domain) ? `${node.domain}:${node.op}` : node.op);

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The attributes of a node in the order in which everything here looks at them. */
export const sortedAttributes = (node: Node): Attribute[] =>
  node.attributes.length > 1 ? node.attributes.toSorted(byName) : node.attributes;

export const newTensor = (): Tensor => ({
  name: '',
  dims: [],
  type: 0,
  raw: null,
  pieces: [],
  external: false,
  externalData: [],
  hasStrings: false,
  hasSegment: false,
  held: null,
});
export const newAttribute = (): Attribute => ({
  name: '',
  type: 0,
  given: 0,
  floats: [],
  ints: [],
  strings: [],
  tensors: [],
  graphs: [],
});
export const newNode = (): Node => ({ op: '', domain: '', inputs: [], outputs: [], attributes: [] });
export const newGraph = (): Graph => ({ nodes: [], initialisers: [], inputs: [], outputs: [], values: [] });
