// All that a trainer can know of a model before staking a token on it.
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { TaskSpec } from '@arena/contracts';
import type { ScoreOutcome } from '@arena/inference';
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { inspectModel, type InspectedModel } from '../models/inspect-model.js';
import { openModel } from './model-files.js';
import { nativeHash } from './native-hash.js';
import { fetchPublic, inFolder } from './public-file.js';
import { scoreLocally } from './score-locally.js';

export interface CheckProgress {
  doing: 'downloading' | 'inspecting' | 'scoring';
  /** Bytes while downloading and inspecting, rows while scoring. */
  done: number;
  total: number;
}

export interface CheckOptions {
  /** Needed for a task by its number, its starter model, and its datasets. Nobody has to be signed in. */
  client?: Client;
  /** The file of external data, where it does not lie beside the model under the name that the model gives. */
  external?: string;
  /** What to score on: a file, or which of the task's training datasets, counted from 0. Left out, nothing is run. */
  data?: string | number;
  onProgress?: (progress: CheckProgress) => void;
  signal?: AbortSignal;
}

export interface CheckedModel extends InspectedModel {
  /** Null where no data were given, or there is something against the model. */
  score: ScoreOutcome | null;
}

/** `task` is a number, or a spec that you have. What is wrong with the model is in the answer; nothing is uploaded. */
export function checkModel(path: string, task: number | TaskSpec, options: CheckOptions = {}): Promise<CheckedModel> {
  return inFolder(async folder => {
    const spec = typeof task === 'number' ? await specOf(task, options) : task;
    const data = options.data === undefined ? undefined : await dataFile(spec, options.data, folder, options);
    const starter = spec.model.starter && options.client ? await starterSketch(spec, folder, options) : undefined;
    const blind = data && join(folder, 'blind.onnx');
    const inspected = await inspectFile(path, spec, starter, blind, options);
    if (!data || !blind || !inspected.ok) return { ...inspected, score: null };
    const { onProgress, signal } = options;
    const onRows = (done: number, total: number) => onProgress?.({ doing: 'scoring', done, total });
    return { ...inspected, score: await scoreLocally({ model: blind, data, spec, onRows, signal }) };
  });
}

function clientOf({ client }: CheckOptions, what: string): Client {
  if (client) return client;
  throw new ArenaError('client/offline', { title: 'A client is needed', detail: `for ${what}` });
}

async function specOf(task: number, options: CheckOptions): Promise<TaskSpec> {
  const { signal } = options;
  return (await clientOf(options, `task ${task}`).call('tasks.get', { params: { task }, signal })).spec;
}

async function dataFile(spec: TaskSpec, data: string | number, folder: string, options: CheckOptions) {
  if (typeof data === 'string') return { path: data, extension: extname(data) };
  const ref = spec.data.training[data];
  const count = spec.data.training.length;
  if (!ref)
    throw new ArenaError('client/data', { title: 'There is no such training dataset', detail: `${data} of ${count}` });
  return fetchPublic(clientOf(options, 'a training dataset'), ref, into(folder, options));
}

async function starterSketch(spec: TaskSpec, folder: string, options: CheckOptions): Promise<Uint8Array | undefined> {
  if (!spec.model.starter) return undefined;
  const { path } = await fetchPublic(clientOf(options, 'the starter'), spec.model.starter, into(folder, options));
  return (await inspectFile(path, spec, undefined, undefined, {})).canonical?.sketch;
}

const into = (folder: string, { onProgress, signal }: CheckOptions) => ({
  folder,
  signal,
  onProgress: ({ received, total }: { received: number; total: number }) =>
    onProgress?.({ doing: 'downloading', done: received, total }),
});

async function inspectFile(
  path: string,
  { model: rules }: TaskSpec,
  starter: Uint8Array | undefined,
  blind: string | undefined,
  { external, onProgress, signal }: CheckOptions,
): Promise<InspectedModel> {
  const { files, close } = await openModel(path, rules, external);
  const out = blind === undefined ? undefined : await open(blind, 'wx');
  const total = files.model.size + (files.external?.source.size ?? 0);
  try {
    signal?.throwIfAborted();
    onProgress?.({ doing: 'inspecting', done: 0, total });
    const onBlind =
      out &&
      (async (chunk: Uint8Array) => {
        signal?.throwIfAborted();
        await out.writeFile(chunk);
      });
    const inspected = await inspectModel(files, rules, { newHash: nativeHash, starter, onBlind });
    onProgress?.({ doing: 'inspecting', done: total, total });
    return inspected;
  } finally {
    await Promise.all([close(), out?.close()]);
  }
}
