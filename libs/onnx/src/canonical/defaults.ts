// Attributes that say what holds without them. ONNX Runtime gives every node the defaults of its operator's version when
// it loads a model, so whether they were written down is a habit of the exporter and nothing else.
import { domainOf, type Attribute, type Node, type Opset } from '../model.js';
import type { Plan } from '../plan.js';
import { defaultsAt, type Default } from './default-attributes.js';
import { versionAt } from './operator-versions.js';

/** Where the opset is one that we do not know, or the operator is, everything stays. Calls itself for subgraphs. */
export function withoutDefaults(plan: Plan, opsets: readonly Opset[]): Plan {
  const imported = new Map(opsets.map(({ domain, version }) => [domainOf(domain), Number(version)]));
  const bare = (some: Plan): Plan => ({
    ...some,
    nodes: some.nodes.map(node => bareNode(node, imported)),
    subgraphs: new Map([...some.subgraphs].map(([graph, inner]) => [graph, bare(inner)])),
  });
  return bare(plan);
}

function bareNode(node: Node, imported: ReadonlyMap<string, number>): Node {
  if (node.attributes.length === 0) return node;
  const domain = domainOf(node.domain);
  const version = versionAt(imported.get(domain) ?? 0, domain, node.op);
  if (version === undefined) return node;
  const defaults = defaultsAt(version, domain, node.op);
  const isTold = (attribute: Attribute): boolean => !repeats(attribute, defaults.get(attribute.name));
  // What pads mean beside another auto_pad than NOTSET, ONNX leaves open.
  const isPadded = node.attributes.some(attribute => attribute.name === 'auto_pad' && isTold(attribute));
  return {
    ...node,
    attributes: node.attributes.filter(each => (each.name === 'pads' && isPadded) || isTold(each)),
  };
}

function repeats(attribute: Attribute, known: Default | undefined): boolean {
  if (attribute.type !== known?.type) return false;
  const { values, every } = known;
  const given = valuesOf(attribute);
  if (every !== undefined) return given.every(value => value === every);
  return given.length === values.length && given.every((value, index) => value === values[index]);
}

/** Floats as their bits. A single value that is zero may have been left out. */
function valuesOf({ type, floats, ints, strings }: Attribute): readonly (number | bigint | string)[] {
  if (type === 1) return [floats[0] ?? 0];
  if (type === 2) return [ints[0] ?? 0n];
  if (type === 7) return ints;
  return strings.map(bytes => String.fromCharCode(...bytes.subarray(0, LONGEST_STRING)));
}

/** Longer than any default; a file's own strings may have millions of bytes. */
const LONGEST_STRING = 32;
