// A trainer's models: upload, intake, what became of each. Everything here belongs to the wallet that submitted it;
// nobody else, validators least of all, can see that a submission exists before its committee has closed.
import { z } from 'zod';
import { Sha256, SubmissionId, TaskNumber, TaskNumberText } from '../ids.js';
import { MAX_MODEL_BYTES } from '../task-spec.js';
import { route } from './route.js';
import { Instant, page, pageQuery, Reason } from './shapes.js';
import {
  ModelCommitment, ModelFile, Submission, SubmissionChange, SubmissionQuota, SubmissionReport, SubmissionState,
  SubmissionUpload,
} from './submission-shapes.js'; // prettier-ignore
import { Filename, LandedParts, PartNumbers, PartSize, PartUrls } from './upload-shapes.js';

/** What one call takes whole; larger models come in parts. */
export const SMALL_MODEL_BYTES = 5 * 1024 * 1024;

const Salt = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 32 bytes as lower-case hex')
  .meta({ description: 'Opens a commitment that was registered before; each is opened once' });

const trainer = { access: { who: 'account', scope: 'submit' }, limit: 'write' } as const;
const reading = { access: { who: 'account', scope: 'read' }, limit: 'read' } as const;
const oneSubmission = { owned: true, params: z.strictObject({ submission: SubmissionId }) } as const;
const beginning = [
  'task/phase', 'task/paused', 'resource/not-found', 'submission/not-staked', 'submission/quota', 'submission/too-large',
  'submission/supersedes',
] as const; // prettier-ignore

export const submissionRoutes = {
  'submissions.begin': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions',
    summary: 'Begin to submit a model: takes a place in the quota and opens an upload',
    description:
      'Only for a wallet that is staked as trainer on the task. An upload that began before the close may be completed in the time of grace after it.',
    body: z.strictObject({
      task: TaskNumber,
      filename: Filename,
      size: z.int().min(1).max(MAX_MODEL_BYTES),
      data: z
        .strictObject({ filename: Filename, size: z.int().min(1).max(MAX_MODEL_BYTES) })
        .optional()
        .meta({ description: 'The file of its external data, by the name that the model gives it' }),
      partSize: PartSize.optional().meta({ description: 'Left out, a usual size is taken; the answer says which' }),
      supersedes: SubmissionId.optional().meta({
        description: 'An earlier submission of yours on this task: withdrawn when this one is accepted',
      }),
    }),
    status: 201,
    answer: SubmissionUpload,
    idempotent: 'stored',
    problems: beginning,
  }),
  'submissions.small': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions/small',
    summary: 'Submit a model of at most 5 MiB in one call',
    description: 'The body is the `.onnx` itself. The answer comes when it is stored; intake goes on from there.',
    media: 'application/octet-stream',
    bodyLimit: SMALL_MODEL_BYTES,
    query: z.strictObject({
      task: TaskNumberText,
      filename: Filename,
      sha256: Sha256.optional().meta({ description: 'Refused when the body hashes to something else' }),
      supersedes: SubmissionId.optional(),
      salt: Salt.optional(),
    }),
    status: 202,
    answer: Submission,
    idempotent: 'stored',
    problems: [...beginning, 'submission/commitment', 'upload/sha256', 'service/unavailable'],
  }),
  'submissions.list': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions',
    summary: 'List your submissions, newest first',
    query: z.strictObject({
      ...pageQuery,
      task: TaskNumberText.optional(),
      state: SubmissionState.optional(),
      from: Instant.optional(),
      to: Instant.optional(),
    }),
    status: 200,
    answer: page(Submission),
    problems: ['page/cursor'],
  }),
  'submissions.quota': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/quota',
    summary: 'How many models you may submit on a task, and when the next',
    query: z.strictObject({ task: TaskNumberText }),
    status: 200,
    answer: SubmissionQuota,
    problems: ['resource/not-found'],
  }),
  'submissions.commitments.register': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions/commitments',
    summary: 'Commit to a model before you upload it',
    description:
      'The commitment is the SHA-256 of: the ASCII bytes `arena/model/v1`, the 32 bytes of the sha256 of the `.onnx` file, those of its data file where there is one, the 20 bytes of your wallet, 32 random bytes (the salt). Of two equal models the one that was committed to, or else completed, first is the original.',
    body: z.strictObject({ task: TaskNumber, commitment: Sha256 }),
    status: 201,
    answer: ModelCommitment,
    idempotent: 'stored',
    problems: [
      'resource/not-found', 'task/phase', 'task/paused', 'submission/not-staked', 'submission/too-many-commitments',
    ], // prettier-ignore
  }),
  'submissions.commitments.list': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/commitments',
    summary: 'List your commitments, newest first',
    query: z.strictObject({ ...pageQuery, task: TaskNumberText.optional() }),
    status: 200,
    answer: page(ModelCommitment),
    problems: ['page/cursor'],
  }),
  'submissions.get': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission',
    summary: 'Read a submission; with `wait`, as soon as it has changed',
    ...oneSubmission,
    query: z.strictObject({
      wait: z.coerce.number().int().min(0).max(30).default(0).meta({ description: 'Seconds' }),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .meta({ description: 'The version that you know; left out, the one at the time of the call' }),
    }),
    status: 200,
    answer: Submission,
    problems: ['resource/not-found'],
  }),
  'submissions.events': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission/events',
    summary: 'Follow a submission: its state now, then each change, until it has come to its end',
    ...oneSubmission,
    status: 200,
    answer: null,
    stream: { event: Submission },
    problems: ['resource/not-found', 'service/unavailable'],
  }),
  'submissions.history': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission/history',
    summary: 'All that happened to a submission, oldest first',
    ...oneSubmission,
    status: 200,
    answer: z.object({ items: z.array(SubmissionChange) }).meta({ id: 'SubmissionHistory' }),
    problems: ['resource/not-found'],
  }),
  'submissions.report': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission/report',
    summary: 'What intake found in the model',
    ...oneSubmission,
    status: 200,
    answer: SubmissionReport,
    problems: ['resource/not-found', 'submission/state'],
  }),
  'submissions.original': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission/original',
    summary: 'Get a URL from which you can download what you uploaded',
    description: 'As soon as it was read back and hashed; never of an upload that was given up.',
    ...oneSubmission,
    query: z.strictObject({ file: ModelFile.default('model') }),
    status: 200,
    answer: z
      .object({ url: z.string(), expiresAt: Instant, filename: z.string(), size: z.int(), sha256: Sha256 })
      .meta({ id: 'OriginalDownload' }),
    problems: ['resource/not-found', 'submission/state', 'service/unavailable'],
  }),
  'submissions.parts.urls': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions/:submission/parts',
    summary: 'Get URLs to PUT parts to; ask late, they expire',
    description: 'Each URL takes its own part alone, which must have exactly the size given with it.',
    ...oneSubmission,
    body: PartNumbers.extend({ file: ModelFile.default('model') }),
    status: 200,
    answer: PartUrls,
    problems: ['resource/not-found', 'submission/state', 'upload/part-number', 'service/unavailable'],
  }),
  'submissions.parts.list': route({
    ...reading,
    method: 'GET',
    path: '/v1/submissions/:submission/parts',
    summary: 'List the parts that have landed, so that any client can resume',
    ...oneSubmission,
    query: z.strictObject({ file: ModelFile.default('model') }),
    status: 200,
    answer: LandedParts,
    problems: ['resource/not-found', 'submission/state', 'service/unavailable'],
  }),
  'submissions.complete': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions/:submission/complete',
    summary: 'All parts are there: hand the model over to intake',
    description:
      'It is `inspecting` until its bytes were read back, hashed and inspected; then `accepted`, or `rejected` with every reason. Said again it changes nothing; with another sha256 it is refused.',
    ...oneSubmission,
    body: z.strictObject({
      sha256: Sha256,
      dataSha256: Sha256.optional().meta({ description: 'Needed just when the model came with a data file' }),
      salt: Salt.optional(),
    }),
    status: 202,
    answer: Submission,
    idempotent: 'stored',
    problems: [
      'resource/not-found',
      'submission/state',
      'submission/commitment',
      'upload/parts',
      'service/unavailable',
    ],
  }),
  'submissions.withdraw': route({
    ...trainer,
    method: 'POST',
    path: '/v1/submissions/:submission/withdraw',
    summary: 'Take a submission back: it is not scored any more',
    description:
      'Until its committee has closed. Its place in the quota is spent, but for an upload that was never completed.',
    ...oneSubmission,
    body: z.strictObject({ reason: Reason.optional() }),
    status: 200,
    answer: Submission,
    idempotent: 'stored',
    problems: ['resource/not-found', 'submission/state'],
  }),
};
