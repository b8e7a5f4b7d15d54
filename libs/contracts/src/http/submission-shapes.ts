// What a trainer sees of a submission.
import { z } from 'zod';
import { Sha256, SubmissionId, TaskNumber, Wallet } from '../ids.js';
import { Instant, Ppm, Wei } from './shapes.js';

export const submissionStates = [
  'uploading', 'inspecting', 'accepted', 'scoring', 'closed', 'ranked', 'rejected', 'disqualified', 'withdrawn', 'abandoned',
] as const; // prettier-ignore
export const SubmissionState = z.enum(submissionStates);

/** A model is one file, or an `.onnx` and the one file in which its external data lie. */
export const modelFiles = ['model', 'data'] as const;
export const ModelFile = z.enum(modelFiles);

export const intakeSteps = [
  'assembling',
  'reading',
  'inspecting',
  'canonicalising',
  'publishing',
  'comparing',
] as const;

export const Rejection = z
  .object({
    code: z.string().meta({ description: 'From the table of rejections; the code is the contract' }),
    where: z
      .string()
      .meta({ description: 'JSON pointer into the model as ONNX names its fields; empty for the whole' }),
    detail: z.string(),
  })
  .meta({ id: 'Rejection' });

const UploadedFile = z.object({
  file: ModelFile,
  filename: z.string(),
  size: z.int(),
  sha256: Sha256.nullable().meta({ description: 'Of the bytes that landed, computed here; null until they were read' }),
});

export const Submission = z
  .object({
    submission: SubmissionId,
    task: TaskNumber,
    trainer: Wallet,
    state: SubmissionState,
    version: z.int().meta({ description: 'Counts the changes; `after` and the event stream go by it' }),
    step: z.enum(intakeSteps).nullable().meta({ description: 'What intake is doing while `inspecting`' }),
    waiting: z
      .object({ for: z.enum(['stake-final']), expectedAt: Instant })
      .nullable()
      .meta({ description: 'stake-final: the stake is mined, but its block may still be undone' }),
    files: z.array(UploadedFile),
    reasons: z.array(Rejection).meta({ description: 'Every reason at once; empty unless rejected or disqualified' }),
    copy: z.object({ similarityPpm: Ppm, epsilonPpm: Ppm }).nullable().meta({
      description:
        "Close to an earlier model: by how much, and by which part of that model's key it must be better to rank before it",
    }),
    commitment: z.object({ commitment: Sha256, registeredAt: Instant }).nullable(),
    supersedes: SubmissionId.nullable(),
    supersededBy: SubmissionId.nullable(),
    createdAt: Instant,
    completedAt: Instant.nullable(),
    acceptedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    expiresAt: Instant.nullable().meta({ description: 'When an unfinished upload is given up' }),
  })
  .meta({ id: 'Submission' });

const Cut = z.object({ partSize: z.int(), parts: z.int() });
export const SubmissionUpload = Submission.extend({
  upload: z.object({ model: Cut, data: Cut.nullable() }),
}).meta({ id: 'SubmissionUpload' });

export const submissionChanges = [
  'begun', 'rescheduled', 'completed', 'waiting', 'accepted', 'rejected', 'flagged', 'superseded', 'withdrawn', 'abandoned', 'disqualified',
] as const; // prettier-ignore

export const SubmissionChange = z
  .object({
    at: Instant,
    version: z.int(),
    what: z.enum(submissionChanges),
    state: SubmissionState,
    reason: z.string().nullable(),
    reasons: z.array(Rejection),
  })
  .meta({ id: 'SubmissionChange' });

const Declared = z.object({
  name: z.string(),
  type: z.string().nullable(),
  shape: z
    .array(z.number().nullable())
    .nullable()
    .meta({ description: 'null is a dimension that the model leaves open; all of it, where it declares none' }),
});

/** What intake found out; of a rejected model as much as could be read: its numbers may be any that fit 64 bits. */
export const ModelReport = z
  .object({
    irVersion: z.number(),
    opset: z.number().nullable(),
    opsets: z.array(z.object({ domain: z.string(), version: z.number() })),
    operators: z.array(z.object({ name: z.string(), count: z.int() })),
    nodes: z.int(),
    depth: z.int(),
    parameters: z.number(),
    staticTensorBytes: z.number(),
    inputs: z.array(Declared),
    outputs: z.array(Declared),
    flops: z.number().nullable().meta({ description: 'Estimated for one sample; null where a shape is not known' }),
  })
  .meta({ id: 'ModelReport' });

export const SubmissionReport = z
  .object({
    submission: SubmissionId,
    report: ModelReport.nullable().meta({ description: 'null when the bytes cannot be read to their end' }),
    canonical: z
      .object({
        sha256: Sha256.meta({ description: 'Of the canonical form: equal for models that differ in names alone' }),
        size: z.int(),
        graphHash: Sha256.meta({ description: 'Of the canonical form without the weights: the architecture' }),
        blindSize: z.int().meta({ description: 'Bytes of the model as validators get it, filled up to a usual size' }),
      })
      .nullable(),
    reasons: z.array(Rejection),
  })
  .meta({ id: 'SubmissionReport' });

export const SubmissionQuota = z
  .object({
    task: TaskNumber,
    limit: z.int().meta({
      description: 'perDay · √(stake / minimum), rounded down; a stake that is not final yet counts as the minimum',
    }),
    used: z.int().meta({ description: 'Within the last 24 hours, uploads under way included' }),
    nextAllowedAt: Instant.nullable().meta({
      description: 'null when one is allowed now, or none at all: the limit is 0',
    }),
    stake: Wei,
    minimum: Wei,
  })
  .meta({ id: 'SubmissionQuota' });

export const ModelCommitment = z
  .object({ task: TaskNumber, commitment: Sha256, registeredAt: Instant, submission: SubmissionId.nullable() })
  .meta({ id: 'ModelCommitment' });
