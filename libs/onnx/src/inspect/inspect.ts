// Everything that can be said of a model without running it, with every reason against it at once. It reads the files
// twice at most: the structure, and, where nothing else forbids it, the weights.
import { MAX_MODEL_BYTES } from '@arena/contracts';
import { encodeModel } from '../canonical/encode.js';
import { Findings, OnnxError, shown, type Reason } from '../error.js';
import { domainOf, type Model } from '../model.js';
import { SMALLEST_PADDING } from '../padding.js';
import { planOf, type Plan } from '../plan.js';
import { soundModel, type SoundModel } from '../sound.js';
import type { ModelFiles } from '../source.js';
import { modelFields } from '../wire/schema.js';
import { readMessage } from '../wire/read.js';
import { estimateFlops } from './flops.js';
import { foreignKind } from './foreign.js';
import { judge, type Rules } from './rules.js';
import { declared, judgeSignature, type Declared } from './signature.js';
import { survey, type Survey } from './survey.js';
import { readWeights } from './weights.js';

/** Lists are cut where no task could allow more: a hostile file gets no hostile report. */
export interface Report {
  irVersion: number;
  /** Version of the default domain, as declared. */
  opset: number | null;
  opsets: { domain: string; version: number }[];
  operators: { name: string; count: number }[];
  nodes: number;
  depth: number;
  parameters: number;
  staticTensorBytes: number;
  inputs: Declared[];
  outputs: Declared[];
  /** Estimated for one sample; null where a shape is not known. */
  flops: number | null;
}

export type Inspection =
  | { ok: true; report: Report; reasons: []; model: SoundModel }
  /** Without a report the bytes could not be read to their end. */
  | { ok: false; report: Report | null; reasons: Reason[] };

const MAX_LISTED = 300;

/** What is kept of the structure: enough for any model within the rules, and no more. */
const capsFor = ({ maxNodes }: Rules): { items: number; bytes: number } => ({
  items: 400_000 + 20 * maxNodes,
  bytes: 32 * 1024 * 1024 + 200 * maxNodes,
});

export async function inspect(files: ModelFiles, rules: Rules): Promise<Inspection> {
  const findings = new Findings();
  const model: Model = { irVersion: 0, opsets: [], graph: null };
  try {
    const kind = await foreignKind(files.model);
    if (kind) throw new OnnxError('onnx/not-onnx', '', kind);
    if (files.model.size === 0) throw new OnnxError('onnx/empty', '', 'no bytes');
    await readMessage(files.model, modelFields, model, findings, capsFor(rules));
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    findings.add(error.code, error.where, error.detail);
    return { ok: false, report: null, reasons: findings.reasons };
  }
  return judged(model, files, rules, findings);
}

async function judged(model: Model, files: ModelFiles, rules: Rules, findings: Findings): Promise<Inspection> {
  const seen = survey(model, files, findings);
  judge(model, seen, files, rules, findings);
  const plan = model.graph && planOf(model.graph, model.irVersion, seen.constants, findings);
  for (const name of plan?.captured ?? []) findings.add('onnx/undefined-value', '/graph', `"${shown(name)}"`);
  judgeSignature('inputs', plan?.inputs ?? [], rules.inputs, findings);
  judgeSignature('outputs', model.graph?.outputs ?? [], rules.outputs, findings);
  await judgeWeights(seen, files, findings);

  const report = reportOf(model, plan, seen);
  if (!plan || findings.reasons.length > 0) return { ok: false, report, reasons: findings.reasons };
  const message = encodeModel(model, plan, seen.layouts, rules.opset.min);
  if (message.size + SMALLEST_PADDING > MAX_MODEL_BYTES) {
    findings.add('onnx/too-large', '', `${message.size} bytes with its external data`);
    return { ok: false, report, reasons: findings.reasons };
  }
  return { ok: true, report, reasons: [], model: soundModel(message.parts(), message.size) };
}

async function judgeWeights({ places, staticBytes }: Survey, files: ModelFiles, findings: Findings): Promise<void> {
  // External tensors may share their bytes: a small file could make us read without end.
  if (staticBytes > MAX_MODEL_BYTES || findings.has('onnx/static-bytes')) return;
  for (const [layout, where] of places)
    try {
      const { bytes, hasNan } = await readWeights(files, layout);
      if (hasNan) findings.add('onnx/nan-weights', where, `among ${layout.elements} of ${layout.element.name}`);
      if (bytes !== layout.bytes) findings.add('onnx/tensor-data', where, `${bytes} bytes in place of ${layout.bytes}`);
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
      findings.add(error.code, where, error.detail);
    }
}

function reportOf(model: Model, plan: Plan | null, seen: Survey): Report {
  const opsets = model.opsets.slice(0, MAX_LISTED).map(({ domain, version }) => ({
    domain: shown(domainOf(domain)),
    version: Number(version),
  }));
  return {
    irVersion: model.irVersion,
    opset: opsets.find(({ domain }) => domain === '')?.version ?? null,
    opsets,
    operators: [...seen.operators]
      .slice(0, MAX_LISTED)
      .map(([name, { count }]) => ({ name: shown(name), count }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    nodes: seen.nodes,
    depth: seen.depth,
    parameters: seen.parameters,
    staticTensorBytes: seen.staticBytes,
    inputs: (plan?.inputs ?? []).slice(0, MAX_LISTED).map(declared),
    outputs: (model.graph?.outputs ?? []).slice(0, MAX_LISTED).map(declared),
    flops: plan && estimateFlops(plan),
  };
}
