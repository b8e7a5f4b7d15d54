// A model on this machine, and the file beside it in which its weights may lie.
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { TaskSpec } from '@arena/contracts';
import { inspect, type ModelFiles } from '@arena/onnx';
import { fileSource, type FileSource } from './file-source.js';

/** Of a model whose weights lie elsewhere, the structure alone is left: more is not searched for a name. */
const MOST_SEARCHED_BYTES = 64 * 1024 * 1024;
const MOST_CANDIDATES = 8;

export interface OpenModel {
  files: ModelFiles;
  close(): Promise<void>;
}

/** Without `external` the one is taken that lies beside the model under the name that the model gives. */
export async function openModel(path: string, rules: TaskSpec['model'], external?: string): Promise<OpenModel> {
  const model = await fileSource(path);
  const open: FileSource[] = [model];
  const close = async () => void (await Promise.all(open.map(source => source.close())));
  const beside = async (other: string): Promise<ModelFiles> => {
    const source = await fileSource(other);
    open.push(source);
    return { model, external: { source, name: basename(other) } };
  };
  try {
    if (external !== undefined) return { files: await beside(external), close };
    if (!(await wantsData({ model }, rules))) return { files: { model }, close };
    let nearest: ModelFiles | undefined;
    for (const candidate of await candidates(path, model)) {
      const files = await beside(candidate);
      nearest ??= files;
      if (!(await wantsData(files, rules))) return { files, close };
    }
    // What is wrong with it is told by the inspection.
    return { files: nearest ?? { model }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asks for its external data in vain. With no room for tensors none is read: that would take long, and is done later. */
async function wantsData(files: ModelFiles, rules: TaskSpec['model']): Promise<boolean> {
  const { reasons } = await inspect(files, { ...rules, maxStaticTensorBytes: 0 });
  return reasons.some(({ code }) => code === 'onnx/external-data');
}

/** Neighbours whose names occur in the model; first those that are named after it. */
async function candidates(path: string, model: FileSource): Promise<string[]> {
  if (model.size > MOST_SEARCHED_BYTES) return [];
  const bytes = Buffer.from(await model.read(0, model.size));
  const own = basename(path);
  const stem = basename(path, extname(path));
  const entries = await readdir(dirname(path), { withFileTypes: true });
  const names = entries.filter(entry => entry.isFile() && entry.name !== own && bytes.includes(entry.name));
  return names
    .map(({ name }) => name)
    .sort((a, b) => Number(b.startsWith(stem)) - Number(a.startsWith(stem)))
    .slice(0, MOST_CANDIDATES)
    .map(name => join(dirname(path), name));
}
