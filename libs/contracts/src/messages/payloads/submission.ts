import { z } from 'zod';
import { Decimal9, Instant } from '../../http/shapes.js';
import { Sha256, TaskNumber, Wallet } from '../../ids.js';
import { Epoch, StoredObject } from './shapes.js';

const submissionStates = [
  'uploading', 'inspecting', 'accepted', 'scoring', 'closed', 'ranked', 'rejected', 'disqualified', 'withdrawn',
] as const; // prettier-ignore

const Submission = z.object({
  submission: z.guid(),
  task: TaskNumber,
  trainer: Wallet,
  state: z.enum(submissionStates),
});

export const SubmissionReceived = Submission.extend({ size: z.int().min(0), receivedAt: Instant });

/** `digest` is of the canonical form, by which duplicates are known. */
export const SubmissionAccepted = Submission.extend({ digest: Sha256, acceptedAt: Instant });

export const SubmissionRejected = Submission.extend({
  reasons: z.array(z.object({ code: z.string(), detail: z.string() })).min(1),
});

/** The committee has closed; `consensus` is null when too few could score the model. */
export const SubmissionClosed = Submission.extend({
  consensus: Decimal9.nullable(),
  voters: z.int().min(0),
  closedAt: Instant,
});

export const SubmissionDisqualified = Submission.extend({ rule: z.string(), closedAt: Instant });

export const AssignmentWaiting = z.object({ task: TaskNumber, backlog: z.int().min(0) });

export const LeaderboardChanged = z.object({ task: TaskNumber, version: z.int().min(1) });

export const RankingSnapshotted = z.object({ epoch: Epoch, task: TaskNumber, ...StoredObject.shape });

export const ValidatorFlagged = z.object({
  validator: Wallet,
  task: TaskNumber,
  test: z.string(),
  verdict: z.enum(['watch', 'suspended', 'case']),
  evidence: StoredObject,
});
