// The order of things in the canonical form, read off the structure alone. A post-order walk starts at the outputs in
// the order of the signature; names only tell what is connected to what. Constant nodes are initialisers here.
//
// captured — values that a subgraph takes from around it. For the order they count as further inputs of its node.
import { shown, type Findings } from './error.js';
import { sortedAttributes, type Graph, type Node, type Tensor, type Value } from './model.js';

export interface Plan {
  graph: Graph;
  /** Inputs that the caller gives; then initialisers that are inputs too, in the order of the initialisers. */
  inputs: Value[];
  overridable: Value[];
  initialisers: Tensor[];
  nodes: Node[];
  captured: string[];
  subgraphs: Map<Graph, Plan>;
}

type Constants = ReadonlyMap<Node, Tensor>;

interface Visit {
  node: Node;
  needs: string[];
  next: number;
}

interface Definitions {
  producers: Map<string, Node>;
  initialisers: Map<string, Tensor>;
  inputs: Set<string>;
}

/** Before IR version 4 every initialiser had to be listed as an input, which made it none. */
const FIRST_WITH_OVERRIDABLE = 4;

export function planOf(graph: Graph, irVersion: number, constants: Constants, findings: Findings): Plan {
  return plan(graph, irVersion >= FIRST_WITH_OVERRIDABLE, constants, '/graph', findings);
}

// Calls itself for subgraphs: the reader has capped how deep they go.
function plan(graph: Graph, canOverride: boolean, constants: Constants, path: string, findings: Findings): Plan {
  const defined = definitionsOf(graph, constants, path, findings);
  const subgraphs = new Map<Graph, Plan>();
  graph.nodes.forEach((node, index) => {
    for (const attribute of node.attributes)
      attribute.graphs.forEach((inner, at) => {
        const innerPath = `${path}/node/${index}/attribute/${shown(attribute.name)}/${at}`;
        subgraphs.set(inner, plan(inner, canOverride, constants, innerPath, findings));
      });
  });

  const used = new Set<Tensor>();
  const captured = new Set<string>();
  const done = new Set<Node>();
  const walk = (roots: Iterable<string | Node>, reach: (name: string) => void): Node[] =>
    postOrder(roots, defined.producers, subgraphs, done, reach, node =>
      findings.add(
        'onnx/cycle',
        path,
        `the node that makes "${shown(node.outputs.find(Boolean) ?? '')}" waits for itself`,
      ),
    );

  const nodes = walk(
    graph.outputs.map(output => output.name),
    name => {
      const tensor = defined.initialisers.get(name);
      if (tensor) used.add(tensor);
      else if (!defined.inputs.has(name)) captured.add(name);
    },
  );
  // What nothing needs is dropped, but a cycle in it makes the model no model all the same.
  walk(graph.nodes, () => undefined);

  const isInitialiser = (input: Value): boolean => defined.initialisers.has(input.name);
  const initialisers = [...used];
  const listed = new Map(graph.inputs.filter(isInitialiser).map(input => [input.name, input]));
  return {
    graph,
    inputs: graph.inputs.filter(input => !isInitialiser(input)),
    overridable: canOverride ? initialisers.flatMap(tensor => listed.get(tensor.name) ?? []) : [],
    initialisers,
    nodes,
    captured: [...captured],
    subgraphs,
  };
}

function definitionsOf(graph: Graph, constants: Constants, path: string, findings: Findings): Definitions {
  const producers = new Map<string, Node>();
  const initialisers = new Map<string, Tensor>();
  const inputs = new Set<string>();
  const twice = (where: string, name: string): void => findings.add('onnx/duplicate-name', where, `"${shown(name)}"`);
  const unnamed = (where: string): void => findings.add('onnx/undefined-value', where, 'it has no name');

  graph.inputs.forEach(({ name }, index) => {
    if (name === '') unnamed(`${path}/input/${index}`);
    if (inputs.has(name)) twice(`${path}/input/${index}`, name);
    inputs.add(name);
  });
  graph.initialisers.forEach((tensor, index) => {
    if (tensor.name === '') unnamed(`${path}/initializer/${index}`);
    if (initialisers.has(tensor.name)) twice(`${path}/initializer/${index}`, tensor.name);
    initialisers.set(tensor.name, tensor);
  });
  graph.nodes.forEach((node, index) => {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (producers.has(name) || initialisers.has(name) || inputs.has(name)) twice(`${path}/node/${index}`, name);
      const constant = constants.get(node);
      if (!constant) producers.set(name, node);
      else if (constant.name === name) initialisers.set(name, constant);
    }
  });
  return { producers, initialisers, inputs };
}

function postOrder(
  roots: Iterable<string | Node>,
  producers: ReadonlyMap<string, Node>,
  subgraphs: ReadonlyMap<Graph, Plan>,
  done: Set<Node>,
  reach: (name: string) => void,
  onCycle: (node: Node) => void,
): Node[] {
  const order: Node[] = [];
  const open = new Set<Node>();
  const stack: Visit[] = [];

  const enter = (target: string | Node): void => {
    const node = typeof target === 'string' ? producers.get(target) : target;
    if (!node) reach(target as string);
    else if (open.has(node)) onCycle(node);
    else if (!done.has(node)) {
      open.add(node);
      stack.push({ node, needs: needsOf(node, subgraphs), next: 0 });
    }
  };

  for (const root of roots) {
    enter(root);
    for (let visit = stack.at(-1); visit; visit = stack.at(-1)) {
      const need = visit.needs[visit.next];
      visit.next += 1;
      if (need !== undefined) enter(need);
      else {
        stack.pop();
        open.delete(visit.node);
        done.add(visit.node);
        order.push(visit.node);
      }
    }
  }
  return order;
}

function needsOf(node: Node, subgraphs: ReadonlyMap<Graph, Plan>): string[] {
  const needs = node.inputs.filter(name => name !== '');
  for (const { graphs } of sortedAttributes(node))
    for (const graph of graphs) for (const name of subgraphs.get(graph)?.captured ?? []) needs.push(name);
  return needs;
}
