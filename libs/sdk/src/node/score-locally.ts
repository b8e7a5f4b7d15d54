// The score of a model on data that everybody may see, as a validator would find it: the same metric, the same batches.
import type { TaskSpec } from '@arena/contracts';
import type { isRuntimeInstalled, scoreModel, ScoreOutcome } from '@arena/inference';
import { DataError, dataErrorCodes, openDataset, type Dataset, type DatasetFormat } from '@arena/scoring';
import { ArenaError } from '../error.js';
import { fileSource, type FileSource } from './file-source.js';

export interface LocalScore {
  /** The model as validators get it. */
  model: string;
  data: { path: string; extension: string };
  spec: TaskSpec;
  onRows?: ((rows: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const formats: Readonly<Record<string, DatasetFormat>> = { '.npz': 'npz', '.safetensors': 'safetensors' };

export async function scoreLocally({ model, data, spec, onRows, signal }: LocalScore): Promise<ScoreOutcome> {
  const { scoreModel } = await loadRuntime();
  const format = formats[data.extension.toLowerCase()];
  if (!format) throw unfit(`a file that ends in "${data.extension}" is neither .npz nor .safetensors`);
  const source = await fileSource(data.path);
  try {
    const dataset = await opened(source, format, spec);
    const onProgress = onRows && (({ rows, total }: { rows: number; total: number }) => onRows(rows, total));
    return await scoreModel({ model, dataset, spec, limits: spec.evaluation, onProgress, signal });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new ArenaError(error.code, { title: dataErrorCodes[error.code], detail: error.detail, cause: error });
  } finally {
    await source.close();
  }
}

const opened = (source: FileSource, format: DatasetFormat, { kind }: TaskSpec): Promise<Dataset> =>
  openDataset(source, format, kind);

interface Runtime {
  isRuntimeInstalled: typeof isRuntimeInstalled;
  scoreModel: typeof scoreModel;
}

/** ONNX Runtime is large, and nothing else here needs it: it may be missing. */
export async function loadRuntime(load: () => Promise<Runtime> = () => import('@arena/inference')): Promise<Runtime> {
  const inference = await load().catch((cause: unknown) => {
    throw missing(cause);
  });
  if (!inference.isRuntimeInstalled()) throw missing();
  return inference;
}

const missing = (cause?: unknown) =>
  new ArenaError('client/no-runtime', {
    title: 'Without ONNX Runtime a model can be inspected, but not scored',
    detail: 'install onnxruntime-node',
    cause,
  });
const unfit = (detail: string) => new ArenaError('client/data', { title: 'These data cannot be scored on', detail });
