// A task's limits held against what a model has.
import type { TaskSpec } from '@arena/contracts';
import { shown, type Findings } from '../error.js';
import { domainOf, type Model } from '../model.js';
import type { ModelFiles } from '../source.js';
import type { Survey } from './survey.js';

/** The part of a task's spec that a model can be held against without running it. */
export type Rules = Pick<
  TaskSpec['model'],
  | 'opset'
  | 'operators'
  | 'maxBytes'
  | 'maxParameters'
  | 'maxStaticTensorBytes'
  | 'maxNodes'
  | 'maxSubgraphDepth'
  | 'inputs'
  | 'outputs'
>;

/** In whatever domain, and whatever a task's list says: two runs must give the same score. */
const randomOperators = new Set([
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
  'Sampling',
  'BiasDropout',
  'BitmaskDropout',
  'BitmaskBiasDropout',
]);

const FIRST_IR_VERSION = 3;
const LAST_IR_VERSION = 14;

export function judge(model: Model, seen: Survey, files: ModelFiles, rules: Rules, findings: Findings): void {
  if (model.irVersion < FIRST_IR_VERSION || model.irVersion > LAST_IR_VERSION)
    findings.add('onnx/ir-version', '/ir_version', `${model.irVersion}, not ${FIRST_IR_VERSION} to ${LAST_IR_VERSION}`);
  if (!model.graph || model.graph.outputs.length === 0) findings.add('onnx/no-graph', '/graph', 'there is no output');
  judgeOpsets(model, seen, rules, findings);
  judgeOperators(seen, rules, findings);

  const size = files.model.size + (files.external?.source.size ?? 0);
  const limits = [
    ['onnx/too-large', 'bytes', size, rules.maxBytes],
    ['onnx/nodes', 'nodes', seen.nodes, rules.maxNodes],
    ['onnx/parameters', 'parameters', seen.parameters, rules.maxParameters],
    ['onnx/static-bytes', 'bytes', seen.staticBytes, rules.maxStaticTensorBytes],
    ['onnx/subgraph-depth', 'levels', seen.depth, rules.maxSubgraphDepth],
  ] as const;
  for (const [code, unit, has, limit] of limits)
    if (has > limit) findings.add(code, '/graph', `${has} ${unit}, at most ${limit} are allowed`);
}

function judgeOpsets({ opsets }: Model, seen: Survey, { opset }: Rules, findings: Findings): void {
  const imported = new Map<string, bigint>();
  opsets.forEach(({ domain, version }, index) => {
    const name = domainOf(domain);
    if (imported.has(name))
      findings.add('onnx/opset-import', `/opset_import/${index}`, `"${shown(domain)}" is imported twice`);
    imported.set(name, version);
  });
  for (const [domain, where] of seen.domains)
    if (domain !== '' && !imported.has(domain))
      findings.add('onnx/opset-import', where, `the domain "${shown(domain)}" is not imported`);
  const version = imported.get('');
  if (version === undefined) findings.add('onnx/opset-import', '/opset_import', 'the default domain is not imported');
  else if (version < opset.min || version > opset.max)
    findings.add('onnx/opset', '/opset_import', `${version}, not ${opset.min} to ${opset.max}`);
}

function judgeOperators(seen: Survey, rules: Rules, findings: Findings): void {
  const allowed = new Set(rules.operators.map(name => name.replace(/^ai\.onnx:/, '')));
  for (const [name, { node, count, where }] of seen.operators) {
    const detail = `${shown(name) || 'no name'} (${count} times)`;
    if (randomOperators.has(node.op)) findings.add('onnx/random-operator', where, detail);
    else if (!allowed.has(name)) findings.add('onnx/operator', where, detail);
  }
}
