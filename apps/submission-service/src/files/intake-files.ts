// Where intake reads from: the trainers' uploads, and the starter models among the datasets.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { countParts, openObjectStore, reached, uploadFiles, type ObjectStoreEnv } from '@arena/uploads';

export type IntakeFiles = ReturnType<typeof openIntakeFiles>;

interface Upload {
  key: string;
  uploadId: string | null;
  size: number;
  partSize: number;
}

/** What became of an upload between its completion and now. */
export type Assembled = { is: 'whole' } | { is: 'gone' } | { is: 'changed'; fault: string };

export interface Landed {
  size: number;
  sha256: string;
}

export function openIntakeFiles(env: ObjectStoreEnv & { QUARANTINE_BUCKET: string }) {
  const bucket = env.QUARANTINE_BUCKET;
  const objects = openObjectStore(env);
  const uploads = uploadFiles(objects, { bucket, prefix: '' });

  /** Into a file, hashed on the way. Fewer bytes than the store says it has are the store's fault, not the file's. */
  async function download(from: { bucket: string; key: string }, path: string, stopping: AbortSignal): Promise<Landed> {
    const stat = await reached(objects.head(from.bucket, from.key));
    if (!stat) throw new Error('the object is not in the store');
    const hash = createHash('sha256');
    let size = 0;
    const source = await reached(objects.read(from.bucket, from.key));
    await reached(
      pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            size += chunk.length;
            if (size > stat.size) break;
            yield chunk;
          }
        },
        createWriteStream(path, { mode: 0o600 }),
        { signal: stopping },
      ),
    );
    if (size !== stat.size) throw new Error(`the store sent ${size} bytes of ${stat.size}`);
    return { size, sha256: hash.digest('hex') };
  }

  return {
    /** Parts become one object, which nobody can change any more: only parts are ever presigned. */
    assemble: async (upload: Upload): Promise<Assembled> => {
      const { key, uploadId } = upload;
      const fault = await uploads.assemble(key, uploadId, upload);
      if (fault === undefined) return { is: 'whole' };
      const landed = await uploads.landedParts(key, uploadId);
      // Another may have put them together in between; and a bucket that is missing must throw, not accuse.
      for await (const _ of objects.listUploads(bucket, key)) break;
      if ((await uploads.sizeOf(key)) !== undefined) return { is: 'whole' };
      const gone = landed === undefined || landed.length < countParts(upload);
      return gone ? { is: 'gone' } : { is: 'changed', fault };
    },

    downloadUpload: (key: string, path: string, stopping: AbortSignal): Promise<Landed> =>
      download({ bucket, key }, path, stopping),

    downloadDataset: download,
  };
}
