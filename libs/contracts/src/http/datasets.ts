import { z } from 'zod';
import { DatasetId, Sha256 } from '../ids.js';
import { route } from './route.js';
import { Instant, page, pageQuery } from './shapes.js';
import { Filename, LandedParts, PartNumbers, PartSize, PartUrls } from './upload-shapes.js';

/** One server-side copy moves at most 5 GiB. */
export const MAX_DATASET_BYTES = 5 * 1024 ** 3;

export const purposes = ['training', 'starter', 'hidden-a', 'hidden-b'] as const;
export const Purpose = z.enum(purposes).meta({
  description: 'training and starter sets are public; hidden sets are reached through an assignment alone',
});
export const DatasetFormat = z.enum(['npz', 'safetensors', 'onnx', 'csv', 'jsonl', 'parquet', 'zip']);

export const Dataset = z
  .object({
    dataset: DatasetId,
    name: z.string(),
    description: z.string(),
    purpose: Purpose,
    latest: z.int().nullable().meta({ description: 'Newest version that is ready' }),
    createdAt: Instant,
  })
  .meta({ id: 'Dataset' });

export const versionStates = ['uploading', 'verifying', 'ready', 'failed', 'abandoned'] as const;

export const DatasetVersion = z
  .object({
    dataset: DatasetId,
    version: z.int(),
    purpose: Purpose,
    state: z.enum(versionStates),
    failure: z.string().nullable(),
    filename: z.string(),
    format: DatasetFormat,
    size: z.int(),
    sha256: Sha256.nullable().meta({ description: 'Of the bytes that landed, computed here; null until ready' }),
    createdAt: Instant,
    readyAt: Instant.nullable(),
    expiresAt: Instant.nullable().meta({ description: 'When an unfinished upload is given up' }),
  })
  .meta({ id: 'DatasetVersion' });

const Upload = DatasetVersion.extend({ partSize: z.int(), parts: z.int() }).meta({ id: 'DatasetUpload' });

const oneDataset = z.strictObject({ dataset: DatasetId });
const oneVersion = z.strictObject({ dataset: DatasetId, version: z.coerce.number().int().min(1).max(2_147_483_647) });
const admin = { access: { who: 'admin' }, limit: 'write' } as const;

export const datasetRoutes = {
  'datasets.list': route({
    method: 'GET',
    path: '/v1/datasets',
    summary: 'List datasets; hidden ones are shown to admins only',
    access: { who: 'anyone' },
    limit: 'read',
    query: z.strictObject({ ...pageQuery, purpose: Purpose.optional() }),
    status: 200,
    answer: page(Dataset),
    problems: ['page/cursor'],
  }),
  'datasets.get': route({
    method: 'GET',
    path: '/v1/datasets/:dataset',
    summary: 'Read a dataset',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneDataset,
    status: 200,
    answer: Dataset,
    problems: ['resource/not-found'],
  }),
  'datasets.create': route({
    ...admin,
    method: 'POST',
    path: '/v1/datasets',
    summary: 'Make a dataset, to which versions are uploaded',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      description: z.string().max(10_000).default(''),
      purpose: Purpose,
    }),
    status: 201,
    answer: Dataset,
    idempotent: 'stored',
  }),
  'datasets.versions.list': route({
    method: 'GET',
    path: '/v1/datasets/:dataset/versions',
    summary: 'List the versions of a dataset, newest first; unfinished ones are shown to admins only',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneDataset,
    query: z.strictObject({ ...pageQuery, state: z.enum(versionStates).optional() }),
    status: 200,
    answer: page(DatasetVersion),
    problems: ['resource/not-found', 'page/cursor'],
  }),
  'datasets.versions.get': route({
    method: 'GET',
    path: '/v1/datasets/:dataset/versions/:version',
    summary: 'Read one version',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneVersion,
    status: 200,
    answer: DatasetVersion,
    problems: ['resource/not-found'],
  }),
  'datasets.versions.begin': route({
    ...admin,
    method: 'POST',
    path: '/v1/datasets/:dataset/versions',
    summary: 'Begin the upload of a new version',
    params: oneDataset,
    body: z.strictObject({
      filename: Filename,
      format: DatasetFormat,
      size: z.int().min(1).max(MAX_DATASET_BYTES),
      partSize: PartSize.optional().meta({ description: 'Left out, a usual size is taken; the answer says which' }),
    }),
    status: 201,
    answer: Upload,
    idempotent: 'stored',
    problems: ['resource/not-found'],
  }),
  'datasets.versions.parts.urls': route({
    ...admin,
    method: 'POST',
    path: '/v1/datasets/:dataset/versions/:version/parts',
    summary: 'Get URLs to PUT parts to; ask late, they expire',
    description: 'Each URL takes its own part alone, which must have exactly the size given with it.',
    params: oneVersion,
    body: PartNumbers,
    status: 200,
    answer: PartUrls,
    problems: ['resource/not-found', 'dataset/state', 'upload/part-number', 'service/unavailable'],
  }),
  'datasets.versions.parts.list': route({
    ...admin,
    method: 'GET',
    path: '/v1/datasets/:dataset/versions/:version/parts',
    summary: 'List the parts that have landed, so that any client can resume',
    limit: 'read',
    params: oneVersion,
    status: 200,
    answer: LandedParts,
    problems: ['resource/not-found', 'dataset/state', 'service/unavailable'],
  }),
  'datasets.versions.complete': route({
    ...admin,
    method: 'POST',
    path: '/v1/datasets/:dataset/versions/:version/complete',
    summary: 'All parts are there: put them together and hash what landed',
    description:
      'The version is `verifying` until its bytes were read back; then `ready`, or `failed` with the reason.',
    params: oneVersion,
    body: z.strictObject({ sha256: Sha256 }),
    status: 202,
    answer: DatasetVersion,
    idempotent: 'stored',
    problems: ['resource/not-found', 'dataset/state', 'upload/parts', 'service/unavailable'],
  }),
  'datasets.versions.abandon': route({
    ...admin,
    method: 'DELETE',
    path: '/v1/datasets/:dataset/versions/:version',
    summary: 'Give up an unfinished upload',
    description: 'Only while it is `uploading`: a version that is being verified comes to an end by itself.',
    params: oneVersion,
    status: 200,
    answer: DatasetVersion,
    problems: ['resource/not-found', 'dataset/state'],
  }),
  'datasets.versions.download': route({
    method: 'GET',
    path: '/v1/datasets/:dataset/versions/:version/download',
    summary: 'Get a URL from which a public set can be downloaded',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneVersion,
    status: 200,
    answer: z
      .object({ url: z.string(), expiresAt: Instant, filename: z.string(), size: z.int(), sha256: Sha256 })
      .meta({ id: 'Download' }),
    problems: ['resource/not-found', 'dataset/hidden', 'dataset/state'],
  }),
};
