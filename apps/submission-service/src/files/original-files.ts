// Where models lie as their trainers uploaded them: at `originals/<random>` in a bucket of quarantine. Nobody but the
// trainer ever gets a URL to one.
import { openObjectStore, reached, uploadFiles, type ObjectStoreEnv } from '@arena/uploads';
import type { Env } from '../env.js';

const ORIGINALS = 'originals/';
/** How many are asked about at once. */
const BATCH = 100;

export const ORIGINAL_FILES = Symbol('OriginalFiles');
export type OriginalFiles = ReturnType<typeof openOriginalFiles>;

export function openOriginalFiles(env: ObjectStoreEnv & Pick<Env, 'QUARANTINE_BUCKET'>) {
  const bucket = env.QUARANTINE_BUCKET;
  const objects = openObjectStore(env);

  async function* keysBefore(before: Date): AsyncGenerator<string> {
    for await (const { key, modified } of objects.list(bucket, ORIGINALS)) if (modified < before) yield key;
  }

  return {
    ...uploadFiles(objects, { bucket, prefix: ORIGINALS }),

    put: async (key: string, bytes: Uint8Array): Promise<void> => void (await reached(objects.put(bucket, key, bytes))),

    downloadUrl: (key: string, filename: string, expiresSeconds: number): Promise<string> =>
      reached(objects.presignGet(bucket, key, { filename, expiresSeconds })),

    /** Removes objects that no submission knows, and gives the key of each. One younger than `before` may yet get known. */
    async *removeOrphans(
      before: Date,
      inUse: (keys: string[]) => Promise<ReadonlySet<string>>,
    ): AsyncGenerator<string> {
      for await (const keys of inBatches(keysBefore(before))) {
        const used = await inUse(keys);
        for (const key of keys.filter(one => !used.has(one))) {
          await reached(objects.remove(bucket, key));
          yield key;
        }
      }
    },
  };
}

async function* inBatches<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
