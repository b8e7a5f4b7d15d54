import { basename } from 'node:path';
import type { Client } from '../client.js';
import type { Submission, SubmitOptions } from '../submissions/options.js';
import { submitModel } from '../submissions/submit.js';
import { openModel } from './model-files.js';
import { nativeHash, nativeMd5 } from './native-hash.js';

export interface SubmitFileOptions extends Omit<SubmitOptions, 'source' | 'filename' | 'data'> {
  /** The file of external data, where it does not lie beside the model under the name that the model gives. */
  external?: string;
}

/** `submitModel` for a model on this machine, with the file beside it in which its weights may lie. */
export async function submitModelFile(client: Client, path: string, options: SubmitFileOptions): Promise<Submission> {
  const { external, ...rest } = options;
  const { task, signal } = options;
  const { spec } = await client.call('tasks.get', { params: { task }, signal });
  const { files, close } = await openModel(path, spec.model, external);
  const { source: weights, name = '' } = files.external ?? {};
  const data = weights && { source: weights, filename: name };
  const hashes = { newHash: nativeHash, newMd5: nativeMd5 };
  try {
    return await submitModel(client, { ...hashes, ...rest, source: files.model, filename: basename(path), data });
  } finally {
    await close();
  }
}
