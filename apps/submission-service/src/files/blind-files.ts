// What validators get: models that say nothing of where they come from. Random keys, one content type, no metadata.
import { createReadStream } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { sha256Of } from '@arena/objects';
import { openObjectStore, reached, uploadFiles, type ObjectStoreEnv } from '@arena/uploads';

export type BlindFiles = ReturnType<typeof openBlindFiles>;

/** Few turns of the event loop for a gigabyte, and each of them short. */
const READ_BYTES = 256 * 1024;
const CONTENT_TYPE = 'application/octet-stream';

export function openBlindFiles(env: ObjectStoreEnv & { BLIND_BUCKET: string }) {
  const bucket = env.BLIND_BUCKET;
  const objects = openObjectStore(env);
  const unfinished = uploadFiles(objects, { bucket, prefix: '' });

  return {
    newKey: (): string => randomBytes(16).toString('hex'),

    sizeOf: unfinished.sizeOf,

    /**
     * An object is there whole or not at all, so one of the right size at a key of ours is the one we sent. The file is
     * hashed before: it was written by a process that read a stranger's bytes.
     */
    async publish(key: string, path: string, expected: { size: number; sha256: string }): Promise<void> {
      const { size, sha256 } = expected;
      if ((await unfinished.sizeOf(key)) === size) return;
      const written = await sha256Of(createReadStream(path, { highWaterMark: READ_BYTES }));
      if (written.sha256 !== sha256) throw new Error('the blind model on the disk is not the one that was hashed');
      await reached(objects.put(bucket, key, createReadStream(path), { contentType: CONTENT_TYPE }));
      const landed = await unfinished.sizeOf(key);
      if (landed !== size) throw new Error(`the blind model has ${landed ?? 'no'} bytes, not ${size}`);
    },

    remove: (key: string): Promise<void> => reached(objects.remove(bucket, key)),

    /** Keys of objects that were written before. */
    async *keysBefore(before: Date): AsyncGenerator<string> {
      for await (const { key, modified } of objects.list(bucket, '')) if (modified < before) yield key;
    },

    /** What a put that died has left of its parts. */
    abortUnfinished: (before: Date): AsyncGenerator<string> =>
      unfinished.abortOrphans(before, () => Promise.resolve(new Set())),
  };
}
