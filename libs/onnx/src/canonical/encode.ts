// The canonical model, field by field in the order of their numbers. Values are named by where they stand in the plan,
// with one count for the whole model, so that no name in a subgraph hides one around it.
import {
  domainOf,
  sortedAttributes,
  type Attribute,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type Value,
} from '../model.js';
import type { Layout } from '../layout.js';
import type { Plan } from '../plan.js';
import { Message } from './message.js';
import { withoutDefaults } from './defaults.js';
import { canonicalOpsets } from './opset.js';

/** Everything that the walk over the plan needs to know. */
interface Context {
  layouts: ReadonlyMap<Tensor, Layout>;
  values: number;
  nodes: number;
}

/** `lowestOpset` is the lowest that the task allows. */
export function encodeModel(
  model: Model,
  whole: Plan,
  layouts: ReadonlyMap<Tensor, Layout>,
  lowestOpset: number,
): Message {
  const plan = withoutDefaults(whole, model.opsets);
  const opsets = canonicalOpsets(model, plan, lowestOpset);
  const opset = opsets.find(({ domain }) => domain === '');
  const message = new Message()
    .int(1, irVersionFor(Number(opset?.version ?? 0n)))
    .message(7, encodeGraph(plan, null, { layouts, values: 0, nodes: 0 }));
  for (const { domain, version } of opsets) {
    const item = new Message();
    if (domain !== '') item.text(1, domain);
    message.message(8, item.int(2, version));
  }
  return message;
}

/** The last opset of each IR version that ONNX released with one, from 8 on. */
const irVersions = [
  [18, 8],
  [20, 9],
  [22, 10],
  [23, 11],
  [24, 12],
  [27, 13],
] as const;

/**
 * The version that ONNX released with the opset, or 8. What the file says would tell its producer, and nothing here
 * depends on it: initialisers that are inputs only because versions before 4 wanted it have left the inputs.
 */
const irVersionFor = (opset: number): number => irVersions.find(([last]) => opset <= last)?.[1] ?? 14;

class Scope {
  readonly #names = new Map<string, string>();

  constructor(
    readonly around: Scope | null,
    readonly context: Context,
  ) {}

  define(name: string): string {
    if (name === '') return '';
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const given = `v${this.context.values}`;
    this.context.values += 1;
    this.#names.set(name, given);
    return given;
  }

  find(name: string): string {
    return name === '' ? '' : (this.#names.get(name) ?? this.around?.find(name) ?? '');
  }
}

// Calls itself for subgraphs: the reader has capped how deep they go.
function encodeGraph(plan: Plan, around: Scope | null, context: Context): Message {
  const scope = new Scope(around, context);
  for (const { name } of [...plan.inputs, ...plan.initialisers]) scope.define(name);

  const message = new Message();
  for (const node of plan.nodes) message.message(1, encodeNode(node, plan, scope, context));
  message.text(2, 'g');
  for (const tensor of plan.initialisers) message.message(5, encodeTensor(tensor, scope.find(tensor.name), context));
  for (const input of [...plan.inputs, ...plan.overridable]) message.message(11, encodeValue(input, scope));
  for (const output of plan.graph.outputs) message.message(12, encodeValue(output, scope));
  return message;
}

function encodeNode(node: Node, plan: Plan, scope: Scope, context: Context): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, scope.find(input));
  for (const output of node.outputs) message.text(2, scope.define(output));
  message.text(3, `n${context.nodes}`);
  context.nodes += 1;
  message.text(4, node.op);
  const graph = (inner: Graph): Message => {
    const innerPlan = plan.subgraphs.get(inner);
    return innerPlan ? encodeGraph(innerPlan, scope, context) : new Message();
  };
  for (const attribute of sortedAttributes(node)) message.message(5, encodeAttribute(attribute, graph, context));
  if (domainOf(node.domain) !== '') message.text(7, node.domain);
  return message;
}

function encodeAttribute(attribute: Attribute, graph: (inner: Graph) => Message, context: Context): Message {
  const { type } = attribute;
  const message = new Message().text(1, attribute.name);
  // Single values are written even where they are zero: some readers ask whether a value was given.
  if (type === 1) message.float(2, attribute.floats[0] ?? 0);
  if (type === 2) message.int(3, attribute.ints[0] ?? 0);
  if (type === 3) message.bytes(4, attribute.strings[0] ?? new Uint8Array());
  if (type === 6) for (const bits of attribute.floats) message.float(7, bits);
  if (type === 7) for (const value of attribute.ints) message.int(8, value);
  if (type === 8) for (const value of attribute.strings) message.bytes(9, value);
  for (const tensor of attribute.tensors) message.message(type === 4 ? 5 : 10, encodeTensor(tensor, '', context));
  for (const inner of attribute.graphs) message.message(type === 5 ? 6 : 11, graph(inner));
  return message.int(20, type);
}

function encodeTensor(tensor: Tensor, name: string, { layouts }: Context): Message {
  const message = new Message();
  for (const dim of tensor.dims) message.int(1, dim);
  message.int(2, tensor.type);
  if (name !== '') message.text(8, name);
  const layout = layouts.get(tensor);
  return layout ? message.data(9, layout) : message;
}

function encodeValue(value: Value, scope: Scope): Message {
  const message = new Message().text(1, scope.find(value.name));
  if (!value.type?.tensor) return message;
  const { type, shape } = value.type.tensor;
  const tensor = new Message().int(1, type);
  if (shape) {
    const dims = new Message();
    for (const { value: dim } of shape.dims) dims.message(1, dim === null ? new Message() : new Message().int(1, dim));
    tensor.message(2, dims);
  }
  return message.message(2, new Message().message(1, tensor));
}
