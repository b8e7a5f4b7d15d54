// Where the bytes of datasets lie, in a bucket of their own:
//   uploads/<random>    what is being uploaded, until it is verified
//   sha256/<digest>     verified public bytes, written once and never changed
//   hidden/<random>     verified hidden bytes, likewise; nobody can guess where from what is public of them
import { openObjectStore, reached, uploadFiles, type ObjectStoreEnv } from '@arena/uploads';
import type { Env } from '../env.js';

const UPLOADS = 'uploads/';

export const DATASET_FILES = Symbol('DatasetFiles');
export type DatasetFiles = ReturnType<typeof openDatasetFiles>;

export function openDatasetFiles(env: ObjectStoreEnv & Pick<Env, 'DATASETS_BUCKET'>) {
  const bucket = env.DATASETS_BUCKET;
  const objects = openObjectStore(env);
  const uploads = uploadFiles(objects, { bucket, prefix: UPLOADS });

  return {
    ...uploads,

    /** Puts verified bytes where their hash says, unless they lie there already. */
    keep: async (uploadKey: string, key: string, size: number): Promise<void> => {
      if ((await uploads.sizeOf(key)) === size) return;
      await reached(objects.copy({ bucket, key: uploadKey }, { bucket, key }));
      const kept = await uploads.sizeOf(key);
      if (kept !== size) throw new Error(`the copy at ${key} has ${kept} bytes, not ${size}`);
    },

    downloadUrl: (key: string, filename: string, expiresSeconds: number): Promise<string> =>
      reached(objects.presignGet(bucket, key, { filename, expiresSeconds })),
  };
}
