// An estimate of the arithmetic for one sample: additions and multiplications counted apart, a free dimension taken as
// one. README has the rule of each family. Shapes come from constants, from the declared shapes of values and from the
// few families below; where a shape that costs something stays unknown, so does the sum.
import { MAX_RANK, type Dim, type Node, type Value } from '../model.js';
import type { Plan } from '../plan.js';
import { familyOf, type Shape } from './families.js';

export function estimateFlops(plan: Plan): number | null {
  const shapes = new Map<string, Shape>();
  const learn = ({ name, type }: Value): void => {
    const shape = type?.tensor?.shape;
    if (shape && shape.dims.length <= MAX_RANK && !shapes.has(name))
      shapes.set(
        name,
        shape.dims.map(({ value }) => sizeOf(value)),
      );
  };
  for (const { name, dims } of plan.initialisers) if (dims.length <= MAX_RANK) shapes.set(name, dims.map(Number));
  for (const value of [...plan.graph.inputs, ...plan.graph.outputs, ...plan.graph.values]) learn(value);

  let sum = 0;
  for (const node of plan.nodes) {
    const flops = costOf(node, shapes);
    if (flops === null) return null;
    sum += flops;
  }
  return Number.isSafeInteger(sum) ? sum : null;
}

const sizeOf = (dim: Dim): number => (dim === null ? 1 : Number(dim));

function costOf(node: Node, shapes: Map<string, Shape>): number | null {
  const family = familyOf(node);
  // What runs a subgraph runs it as often as it likes.
  if (!family || node.attributes.some(({ graphs }) => graphs.length > 0)) return null;
  const inputs = node.inputs.map(name => shapes.get(name) ?? null);
  const name = node.outputs[0] ?? '';
  const output = shapes.get(name) ?? family.shape?.(inputs, node) ?? null;
  if (output && output.length > MAX_RANK) return null;
  if (output) shapes.set(name, output);
  return family.flops(inputs, output, node);
}
