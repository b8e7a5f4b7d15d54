// What is being uploaded, in one bucket under one prefix: each upload has a random key of its own, at which lie first
// the parts of a multipart upload, then the one object made of them, and in the end nothing. Whoever calls keeps the
// key and the id of the multipart upload; null is an id that nobody has written down yet.
import { randomBytes } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { ObjectsError, sha256Of, type Objects } from '@arena/objects';
import { faultOfParts, type Cut, type LandedPart } from './core/parts.js';
import { reached } from './reached.js';

export type UploadFiles = ReturnType<typeof uploadFiles>;

/** How many are asked about at once. */
const BATCH = 100;

export function uploadFiles(objects: Objects, { bucket, prefix }: { bucket: string; prefix: string }) {
  const sizeOf = async (key: string): Promise<number | undefined> => (await reached(objects.head(bucket, key)))?.size;

  const abortUpload = (key: string, uploadId: string): Promise<void> =>
    reached(objects.abortUpload(bucket, key, uploadId));

  /** By number; undefined when there is no such upload, or not any more. */
  const landedParts = async (key: string, uploadId: string | null): Promise<LandedPart[] | undefined> =>
    uploadId === null ? undefined : reached(objects.listParts(bucket, key, uploadId).catch(unlessUnknown));

  return {
    sizeOf,
    abortUpload,
    landedParts,

    /** Nobody can guess it, so that two uploads never meet. */
    newKey: (): string => prefix + randomBytes(16).toString('hex'),

    /**
     * To be called when the first part is asked for. Of two who do so at once, `name` writes the id of one down, and
     * tells both that one; the other's is aborted here, or by `abortOrphans` when this process dies before.
     */
    startUpload: async <Named extends { uploadId: string | null }>(
      key: string,
      name: (uploadId: string) => Promise<Named>,
    ): Promise<Named> => {
      const uploadId = await reached(objects.createUpload(bucket, key));
      const named = await name(uploadId);
      if (named.uploadId !== uploadId) await abortUpload(key, uploadId);
      return named;
    },

    /** URLs to PUT these parts to. They work for `seconds` at most, and a URL outlives its upload in no case. */
    partUrls: async (
      key: string,
      uploadId: string,
      parts: readonly { number: number; size: number }[],
      { now, deadline, seconds }: { now: Date; deadline: Date; seconds: number },
    ): Promise<{ urls: { number: number; url: string; size: number }[]; expiresAt: string }> => {
      const left = Math.floor((deadline.getTime() - now.getTime()) / 1_000);
      const expiresSeconds = Math.max(1, Math.min(seconds, left));
      const sign = async ({ number, size }: { number: number; size: number }) => {
        const url = await reached(objects.presignPart(bucket, key, uploadId, number, { expiresSeconds }));
        return { number, url, size };
      };
      const expiresAt = new Date(now.getTime() + expiresSeconds * 1_000).toISOString();
      return { urls: await Promise.all(parts.map(sign)), expiresAt };
    },

    /**
     * Makes one object of the parts; may be called again, and by two at once. The answer is what is wrong with the
     * parts, if anything.
     */
    assemble: async (key: string, uploadId: string | null, cut: Cut): Promise<string | undefined> => {
      if ((await sizeOf(key)) !== undefined) return undefined;
      const landed = await landedParts(key, uploadId);
      if (uploadId === null || landed === undefined) {
        // Another may have put them together between our two questions.
        const found = (await sizeOf(key)) !== undefined;
        return found ? undefined : 'The uploaded parts are gone from the object store';
      }
      // Their URLs may work for a while after the uploader called it complete, so they may have changed since.
      const fault = faultOfParts(cut, landed);
      if (fault === undefined) await reached(objects.completeUpload(bucket, key, uploadId, landed));
      return fault;
    },

    /** Reads all of an object, one chunk at a time. */
    digest: async (key: string, stopping: AbortSignal): Promise<{ size: number; sha256: string }> =>
      reached(sha256Of(addAbortSignal(stopping, await reached(objects.read(bucket, key))))),

    /** Afterwards nothing lies at an upload's key: no object, and no multipart upload, known to us or not. */
    clearUpload: async (key: string): Promise<void> => {
      await reached(objects.remove(bucket, key));
      for await (const upload of objects.listUploads(bucket, key)) await abortUpload(upload.key, upload.uploadId);
    },

    /**
     * Aborts multipart uploads that nobody counts on, and gives the key of each. One is left when a process dies
     * between starting it and writing its id down. Let `before` lie as far back as an upload may take: a younger one
     * may be about to be written down.
     */
    async *abortOrphans(
      before: Date,
      inUse: (uploadIds: string[]) => Promise<ReadonlySet<string>>,
    ): AsyncGenerator<string> {
      const old: { key: string; uploadId: string }[] = [];
      for await (const upload of objects.listUploads(bucket, prefix)) if (upload.initiated < before) old.push(upload);
      for (let i = 0; i < old.length; i += BATCH) {
        const batch = old.slice(i, i + BATCH);
        const used = await inUse(batch.map(({ uploadId }) => uploadId));
        for (const { key, uploadId } of batch.filter(upload => !used.has(upload.uploadId))) {
          await abortUpload(key, uploadId);
          yield key;
        }
      }
    },
  };
}

/** A missing bucket is no missing upload: that is our fault, and will be mended. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof ObjectsError && error.code === 'NoSuchUpload') return undefined;
  throw error;
}
