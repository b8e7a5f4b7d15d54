// One look at every node and tensor of a model and its subgraphs: what is there, and whether each is well-formed.
import { constantOf, isConstant } from '../constants.js';
import { shown, type Findings } from '../error.js';
import { layoutOf, locationOf, type Layout } from '../layout.js';
import {
  MAX_RANK,
  domainOf,
  operatorOf,
  type Attribute,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type Value,
} from '../model.js';
import type { ModelFiles } from '../source.js';

export interface Survey {
  /** Constant nodes are not among them. */
  nodes: number;
  /** How deep subgraphs are nested: 0 without any. */
  depth: number;
  /** How often each operator occurs, and where first. */
  operators: Map<string, { node: Node; count: number; where: string }>;
  domains: Map<string, string>;
  /** What each Constant node holds. */
  constants: Map<Node, Tensor>;
  layouts: Map<Tensor, Layout>;
  /** Where each tensor with a layout stands. */
  places: Map<Layout, string>;
  parameters: number;
  staticBytes: number;
}

interface Place {
  graph: Graph;
  depth: number;
  path: string;
}

export function survey({ graph }: Model, files: ModelFiles, findings: Findings): Survey {
  const seen: Survey = {
    nodes: 0,
    depth: 0,
    operators: new Map(),
    domains: new Map(),
    constants: new Map(),
    layouts: new Map(),
    places: new Map(),
    parameters: 0,
    staticBytes: 0,
  };
  const locations = new Set<string>();
  const todo: Place[] = graph ? [{ graph, depth: 0, path: '/graph' }] : [];

  const look = (tensor: Tensor, where: string): void => {
    const location = locationOf(tensor);
    if (location !== undefined) locations.add(location);
    if (locations.size === 2) {
      findings.add('onnx/external-data', where, 'a second file: there may be one');
      locations.add('');
    }
    const layout = layoutOf(tensor, files, where, findings);
    if (!layout) return;
    seen.layouts.set(tensor, layout);
    seen.places.set(layout, where);
    seen.staticBytes += layout.bytes;
    if (layout.element.weight) seen.parameters += layout.elements;
  };

  for (let place = todo.pop(); place; place = todo.pop()) {
    const { path, depth } = place;
    seen.depth = Math.max(seen.depth, depth);
    checkValues(place, findings);
    place.graph.initialisers.forEach((tensor, index) => look(tensor, `${path}/initializer/${index}`));
    place.graph.nodes.forEach((node, index) => {
      const where = `${path}/node/${index}`;
      checkAttributes(node, where, findings);
      if (isConstant(node)) {
        const constant = constantOf(node, where, findings);
        if (constant) look(constant, `${where}/attribute/0/t`);
        if (constant) seen.constants.set(node, constant);
        return;
      }
      countNode(seen, node, where);
      if (isTraining(node)) findings.add('onnx/random-operator', where, 'Dropout in training mode');
      node.attributes.forEach((attribute, at) => {
        for (const tensor of attribute.tensors) look(tensor, `${where}/attribute/${at}/t`);
        for (const inner of attribute.graphs)
          todo.push({ graph: inner, depth: depth + 1, path: `${where}/attribute/${at}/g` });
      });
    });
  }
  return seen;
}

function countNode(seen: Survey, node: Node, where: string): void {
  seen.nodes += 1;
  const name = operatorOf(node);
  const known = seen.operators.get(name);
  if (known) known.count += 1;
  else seen.operators.set(name, { node, count: 1, where });
  const domain = domainOf(node.domain);
  if (!seen.domains.has(domain)) seen.domains.set(domain, where);
}

/** A third input switches Dropout to training, where it draws lots. */
const isTraining = (node: Node): boolean => operatorOf(node) === 'Dropout' && (node.inputs[2] ?? '') !== '';

/** Only tensors go in and out of graphs; inside a graph a value may be what it likes. */
function checkValues({ graph, path }: Place, findings: Findings): void {
  const check = (values: readonly Value[], kind: string): void =>
    values.forEach((value, index) => {
      const where = `${path}/${kind}/${index}`;
      if (value.type?.other) findings.add('onnx/value-type', where, `"${shown(value.name)}"`);
      const rank = value.type?.tensor?.shape?.dims.length ?? 0;
      if (rank > MAX_RANK) findings.add('onnx/dims', where, `${rank} dimensions`);
    });
  check(graph.inputs, 'input');
  check(graph.outputs, 'output');
}

const FIRST_TYPE = 1;
const LAST_TYPE = 10;
const TENSOR = 4;
const GRAPH = 5;

function checkAttributes(node: Node, where: string, findings: Findings): void {
  const names = new Set<string>();
  node.attributes.forEach((attribute, index) => {
    const place = `${where}/attribute/${index}`;
    if (names.has(attribute.name)) findings.add('onnx/duplicate-name', place, `"${shown(attribute.name)}"`);
    names.add(attribute.name);
    const complaint = complaintAbout(attribute);
    if (complaint) findings.add('onnx/attribute', place, `"${shown(attribute.name)}" ${complaint}`);
  });
}

function complaintAbout({ name, type, given }: Attribute): string | null {
  if (name === '') return 'has no name';
  if (type < FIRST_TYPE || type > LAST_TYPE) return `has the type ${type}`;
  // Writers of proto3 leave out values that are zero, and empty lists have nothing to write.
  if (given === 0) return type === TENSOR || type === GRAPH ? 'has no value' : null;
  return given === 1 << type ? null : 'has values of another type';
}
