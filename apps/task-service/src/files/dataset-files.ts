// Where the bytes of datasets lie, in a bucket of their own:
//   uploads/<random>    what is being uploaded, until it is verified
//   sha256/<digest>     verified public bytes, written once and never changed
//   hidden/<random>     verified hidden bytes, likewise; nobody can guess where from what is public of them
import { randomBytes } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { ObjectsError, sha256Of } from '@arena/objects';
import { DomainError } from '@arena/problem';
import type { LandedPart } from '../core/dataset-parts.js';
import type { Landed } from '../core/dataset-version.js';
import type { Env } from '../env.js';
import { openObjectStore, type ObjectStoreEnv } from './object-store.js';

const UPLOADS = 'uploads/';

/** Nobody can guess it, so that two uploads never meet. */
export const newUploadKey = (): string => UPLOADS + randomBytes(16).toString('hex');

export const DATASET_FILES = Symbol('DatasetFiles');
export type DatasetFiles = ReturnType<typeof openDatasetFiles>;

export function openDatasetFiles(env: ObjectStoreEnv & Pick<Env, 'DATASETS_BUCKET'>) {
  const bucket = env.DATASETS_BUCKET;
  const objects = openObjectStore(env);
  const sizeOf = async (key: string) => (await reached(objects.head(bucket, key)))?.size;

  return {
    sizeOf,

    startUpload: (uploadKey: string): Promise<string> => reached(objects.createUpload(bucket, uploadKey)),

    abortUpload: (uploadKey: string, uploadId: string): Promise<void> =>
      reached(objects.abortUpload(bucket, uploadKey, uploadId)),

    partUrl: (uploadKey: string, uploadId: string, number: number, expiresSeconds: number): Promise<string> =>
      reached(objects.presignPart(bucket, uploadKey, uploadId, number, { expiresSeconds })),

    /** By number; nothing when there is no such upload any more. */
    landedParts: (uploadKey: string, uploadId: string): Promise<LandedPart[] | undefined> =>
      reached(objects.listParts(bucket, uploadKey, uploadId).catch(unlessUnknown)),

    /** Makes one object of the parts; as often as it is called. */
    assemble: async (uploadKey: string, uploadId: string, parts: readonly LandedPart[]): Promise<void> =>
      void (await reached(objects.completeUpload(bucket, uploadKey, uploadId, parts))),

    /** Reads all of an object, one chunk at a time. */
    digest: async (key: string, stopping: AbortSignal): Promise<Landed> =>
      reached(sha256Of(addAbortSignal(stopping, await reached(objects.read(bucket, key))))),

    /** Puts verified bytes where their hash says, unless they lie there already. */
    keep: async (uploadKey: string, key: string, size: number): Promise<void> => {
      if ((await sizeOf(key)) === size) return;
      await reached(objects.copy({ bucket, key: uploadKey }, { bucket, key }));
      const kept = await sizeOf(key);
      if (kept !== size) throw new Error(`the copy at ${key} has ${kept} bytes, not ${size}`);
    },

    downloadUrl: (key: string, filename: string, expiresSeconds: number): Promise<string> =>
      reached(objects.presignGet(bucket, key, { filename, expiresSeconds })),

    /** Afterwards nothing lies at an upload's key: no object, and no multipart upload, known to us or not. */
    clearUpload: async (uploadKey: string): Promise<void> => {
      await reached(objects.remove(bucket, uploadKey));
      for await (const { key, uploadId } of objects.listUploads(bucket, uploadKey))
        await reached(objects.abortUpload(bucket, key, uploadId));
    },

    uploadsBefore: async (before: Date): Promise<{ uploadKey: string; uploadId: string }[]> => {
      const old: { uploadKey: string; uploadId: string }[] = [];
      for await (const { key, uploadId, initiated } of objects.listUploads(bucket, UPLOADS))
        if (initiated < before) old.push({ uploadKey: key, uploadId });
      return old;
    },
  };
}

/** A missing bucket is no missing upload: that is our fault, and will be mended. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof ObjectsError && error.code === 'NoSuchUpload') return undefined;
  throw error;
}

/** A store that is away is nobody's mistake: callers are told to come again. */
const reached = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    if (error instanceof ObjectsError && error.kind === 'unavailable')
      throw new DomainError('service/unavailable', { retryAfterSeconds: 2, cause: error });
    throw error;
  });
