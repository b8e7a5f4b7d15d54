// Which opset the canonical form declares. What the file says would tell its exporter, and lets a copy look like
// another model, so it is the lowest one that means the same: each operator has the same version there. Lowest, so that
// what ONNX adds later changes no canonical form.
import { domainOf, type Model, type Node, type Opset } from '../model.js';
import type { Plan } from '../plan.js';
import { runsInKernels } from './kernels.js';
import { operatorSets, versionAt } from './operator-versions.js';

/** The imports of the domains that are used, the default domain not below `lowest`. */
export function canonicalOpsets(model: Model, plan: Plan, lowest: number): Opset[] {
  const used = operatorsOf(plan, new Map([['', new Set()]]));
  const declared = model.opsets
    .map(({ domain, version }) => ({ domain: domainOf(domain), version }))
    .filter(({ domain }) => used.has(domain))
    .sort((a, b) => (a.domain < b.domain ? -1 : 1));
  const lowered = declared.flatMap(({ domain, version }) => {
    const found = lowestAlike(domain, Number(version), used.get(domain) ?? new Set(), domain === '' ? lowest : 1);
    return found === undefined ? [] : { domain, version: BigInt(found) };
  });
  // One operator that we cannot judge, and the whole model stays as it is: its body may use any other operator.
  return lowered.length === declared.length && runsInKernels(plan) ? lowered : declared;
}

/** Undefined where one of the operators is unknown at what is declared. */
function lowestAlike(domain: string, declared: number, operators: Set<string>, lowest: number): number | undefined {
  if (declared < lowest || declared > (operatorSets.get(domain)?.last ?? 0)) return undefined;
  let found = lowest;
  for (const name of operators) {
    const version = versionAt(declared, domain, name);
    if (version === undefined) return undefined;
    found = Math.max(found, version);
  }
  return found;
}

/** The operators of nodes that are kept, by domain. */
function operatorsOf(plan: Plan, found: Map<string, Set<string>>): Map<string, Set<string>> {
  const add = ({ domain, op }: Node): void => {
    const name = domainOf(domain);
    const known = found.get(name);
    if (known) known.add(op);
    else found.set(name, new Set([op]));
  };
  for (const node of plan.nodes) {
    add(node);
    for (const { graphs } of node.attributes)
      for (const graph of graphs) {
        const inner = plan.subgraphs.get(graph);
        if (inner) operatorsOf(inner, found);
      }
  }
  return found;
}
