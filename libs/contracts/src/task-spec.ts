// Everything about a task that is fixed once it opens. Its canonical JSON is hashed, the hash goes on chain,
// so each default is written into the stored spec and never looked up later.
import { z } from 'zod';
import { DatasetId, Sha256 } from './ids.js';
import { Decimal9, Ppm, Wei } from './http/shapes.js';
import { directionOf, kindNames } from './kinds.js';

const MEBIBYTE = 1024 * 1024;
/** Protobuf's own limit, and so ONNX's. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;

export const DatasetRef = z
  .strictObject({ dataset: DatasetId, version: z.int().min(1), sha256: Sha256 })
  .meta({ id: 'DatasetRef' });
export type DatasetRef = z.output<typeof DatasetRef>;

const dataTypes = [
  'float32', 'float16', 'bfloat16', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool',
] as const; // prettier-ignore

const TensorSignature = z.strictObject({
  name: z.string().min(1).max(200).optional().meta({ description: 'For people; models are matched by position' }),
  type: z.enum(dataTypes),
  shape: z.array(z.union([z.int().min(1), z.literal('batch'), z.literal('any')])).max(8),
});

const Exponent = z
  .strictObject({ numerator: z.int().min(0).max(1_000), denominator: z.int().min(1).max(1_000) })
  .refine(({ numerator, denominator }) => numerator <= denominator, 'must lie between 0 and 1');

const Architecture = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('free') }),
  z.strictObject({ mode: z.literal('fixed'), graphHash: Sha256 }),
]);

/** From the first that the canonical form knows to the last that the runtime of validators loads. */
const Opset = z.int().min(7).max(26);

const Model = z
  .strictObject({
    opset: z.strictObject({ min: Opset, max: Opset }).prefault({ min: 13, max: 21 }),
    operators: z
      .array(z.string().regex(/^([a-z0-9.]+:)?[A-Za-z][A-Za-z0-9]*$/, 'must be Name or domain:Name'))
      .min(1)
      .max(300),
    maxBytes: z
      .int()
      .min(1)
      .max(MAX_MODEL_BYTES)
      .default(512 * MEBIBYTE),
    maxParameters: z.int().min(1).max(1e12).default(200_000_000),
    maxStaticTensorBytes: z
      .int()
      .min(1)
      .max(MAX_MODEL_BYTES)
      .default(512 * MEBIBYTE),
    maxNodes: z.int().min(1).max(1_000_000).default(20_000),
    maxSubgraphDepth: z.int().min(0).max(16).default(4),
    inputs: z.array(TensorSignature).min(1).max(64),
    outputs: z.array(TensorSignature).min(1).max(64),
    architecture: Architecture.prefault({ mode: 'free' }),
    starter: DatasetRef.nullable().default(null),
  })
  .refine(model => model.opset.min <= model.opset.max, { path: ['opset'], message: 'min is above max' })
  .refine(model => new Set(model.operators).size === model.operators.length, {
    path: ['operators'],
    message: 'names an operator twice',
  });

const Rewards = z.strictObject({
  formula: z.literal(1).default(1).meta({ description: 'Version of the formulas' }),
  gammaPpm: z.int().min(0).max(500_000).default(0),
  epsilonPpm: Ppm.default(1_000_000),
  delegationCap: z.int().min(0).max(100).default(5),
  trainerExponent: Exponent.prefault({ numerator: 1, denominator: 1 }),
  validatorExponent: Exponent.prefault({ numerator: 1, denominator: 1 }),
  rankRatioPpm: z.int().min(1).max(1_000_000).default(800_000),
  rewardedSharePpm: z.int().min(1).max(1_000_000).default(500_000),
  rewardedMax: z.int().min(1).max(1_000).default(50),
  lambdaPpm: z.int().min(0).max(100_000_000).default(1_000_000),
  dailyPpm: Ppm.default(100_000),
  releaseEpochs: z.int().min(1).max(1_000).default(30),
  operatorFeePpm: Ppm.default(80_000),
  delegatorFeePpm: Ppm.default(145_000),
});

export const TaskSpec = z
  .strictObject({
    title: z.string().trim().min(3).max(120),
    summary: z.string().trim().min(3).max(300),
    description: z.string().max(50_000).default('').meta({ description: 'Markdown' }),
    kind: z.enum(kindNames as [(typeof kindNames)[number], ...(typeof kindNames)[number][]]),
    scoring: z.strictObject({
      metric: z.string().max(40),
      direction: z.enum(['max', 'min']),
      grid: Decimal9.default('0.000001').meta({ description: 'Scores are rounded to multiples of this' }),
      tolerance: Decimal9.default('0.0001').meta({ description: 'How far apart honest validators may lie' }),
      recallAt: z.int().min(1).max(1_000).optional(),
    }),
    model: Model,
    data: z.strictObject({
      training: z.array(DatasetRef).max(20),
      hiddenA: DatasetRef,
      hiddenB: DatasetRef,
    }),
    evaluation: z
      .strictObject({
        batchSize: z.int().min(1).max(1_000_000).default(256),
        timeoutSeconds: z.int().min(1).max(86_400).default(600),
        memoryBytes: z
          .int()
          .min(64 * MEBIBYTE)
          .max(2 ** 40)
          .default(4_096 * MEBIBYTE),
        gpu: z.enum(['none', 'optional', 'required']).default('optional'),
        gpuMemoryBytes: z
          .int()
          .min(0)
          .max(2 ** 40)
          .default(0),
      })
      .prefault({}),
    committee: z
      .strictObject({
        target: z.int().min(1).max(101).default(5),
        quorum: z.int().min(1).max(101).default(3),
        widenAfterSeconds: z.int().min(1).max(86_400).default(300),
        deadlineSeconds: z
          .int()
          .min(10)
          .max(30 * 86_400)
          .default(86_400),
        finalSeats: z.int().min(1).max(1_001).default(31),
        consensus: z.enum(['weighted-median', 'weighted-mean']).default('weighted-median'),
      })
      .prefault({})
      .refine(committee => committee.quorum <= committee.target, { path: ['quorum'], message: 'is above target' }),
    leases: z
      .strictObject({
        heartbeatSeconds: z.int().min(1).max(600).default(15),
        leaseSeconds: z.int().min(3).max(7_200).default(45),
      })
      .prefault({})
      .refine(lease => lease.leaseSeconds >= 2 * lease.heartbeatSeconds, {
        path: ['leaseSeconds'],
        message: 'must be at least two heartbeats',
      }),
    controls: z.strictObject({ canaryPpm: Ppm.default(30_000) }).prefault({}),
    copies: z
      .strictObject({
        similarityPpm: Ppm.default(995_000),
        epsilonStartPpm: Ppm.default(5_000),
        epsilonEndPpm: Ppm.default(500),
        epsilonDays: z.int().min(0).max(365).default(7),
      })
      .prefault({}),
    submissions: z
      .strictObject({
        perDay: z.int().min(1).max(10_000).default(4),
        graceSeconds: z.int().min(0).max(86_400).default(3_600),
      })
      .prefault({}),
    stakes: z
      .strictObject({
        trainerMinimum: Wei.default('1000000000000000000'),
        validatorMinimum: Wei.default('1000000000000000000'),
      })
      .prefault({}),
    rewards: Rewards.prefault({}),
  })
  .superRefine((spec, context) => {
    const direction = directionOf(spec.kind, spec.scoring.metric);
    const path = ['scoring', direction ? 'direction' : 'metric'];
    if (!direction) context.addIssue({ code: 'custom', path, message: `is no metric of the kind ${spec.kind}` });
    else if (direction !== spec.scoring.direction)
      context.addIssue({ code: 'custom', path, message: `must be ${direction} for ${spec.scoring.metric}` });
    if (spec.scoring.metric === 'recall@k' && spec.scoring.recallAt === undefined)
      context.addIssue({ code: 'custom', path: ['scoring', 'recallAt'], message: 'is needed for recall@k' });
    for (const name of ['grid', 'tolerance'] as const)
      if (/^-|^0(\.0*)?$/.test(spec.scoring[name]))
        context.addIssue({ code: 'custom', path: ['scoring', name], message: 'must be above zero' });
  })
  .meta({ id: 'TaskSpec' });
export type TaskSpec = z.output<typeof TaskSpec>;
export type TaskSpecInput = z.input<typeof TaskSpec>;
