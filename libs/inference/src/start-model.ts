import type { Tensor } from '@arena/scoring';
import { startChild } from './child.js';
import { childLine, withDataLimit, type Line } from './command-line.js';
import { failureOf, ModelFailure } from './failure.js';
import { encodeTensors, encodeWords } from './frames.js';
import { Words, type Declared, type Ready, type Start } from './words.js';

export interface ModelOptions {
  /** The path of the `.onnx` file, as the child sees it. */
  model: string;
  provider?: 'cpu';
  /** That one operator may use; 1 when left out, which gives the same bits at every run on this machine. */
  threads?: number;
  /** How far the runtime may rewrite the graph; `all` when left out. */
  optimisation?: Start['optimisation'];
  /** What the model may take, beyond what the runtime takes by itself. Linux only, and by `command` when that is given. */
  memoryBytes?: number;
  /** From the start to the last answer, all together. */
  timeoutMs: number;
  /** Of one answer. */
  outputBytesMax: number;
  signal?: AbortSignal | undefined;
  /** Wraps the command line, as with `prlimit` or `unshare`; in place of the limit by `memoryBytes`. */
  command?: (line: Line) => Line;
}

export interface RunningModel {
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
  /**
   * By position. May be called again before the last answer came: answers come in order. The inputs' memory may not
   * change until then. Rejects with a ModelFailure, or the reason of an abort, and then so does every later call.
   */
  run(inputs: readonly Tensor[]): Promise<Tensor[]>;
  close(): Promise<void>;
}

const MAX_OUTPUTS = 1_024;

/** Starts a process and loads the model in it. Rejects as `run` does. */
export async function startModel(options: ModelOptions): Promise<RunningModel> {
  const { model, provider = 'cpu', threads = 1, optimisation = 'all', signal, memoryBytes } = options;
  signal?.throwIfAborted();
  const wrap = options.command ?? (memoryBytes === undefined ? (line: Line) => line : withDataLimit(memoryBytes));
  const child = startChild(wrap(childLine()), { tensors: MAX_OUTPUTS, bytes: options.outputBytesMax });

  const abort = () => child.end(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  const late = new ModelFailure('timeout', `it was not done after ${options.timeoutMs} ms`);
  const timer = setTimeout(() => child.end(late), options.timeoutMs);
  void child.gone.then(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });

  /** Ends the child where it does not answer as it should. */
  function refuse(failure: ModelFailure): never {
    child.end(failure);
    throw failure;
  }
  function readWords(words: unknown): Ready {
    const read = Words.safeParse(words);
    if (!read.success) return refuse(new ModelFailure('protocol', 'it does not say what it should'));
    if ('ready' in read.data) return read.data.ready;
    return refuse(failureOf(read.data.failed.at, read.data.failed.message));
  }

  const start: Start = { model, provider, threads, optimisation };
  const { inputs, outputs } = readWords((await child.ask([encodeWords({ start })])).words);
  return {
    inputs,
    outputs,
    async run(given) {
      if (given.length !== inputs.length)
        throw new RangeError(`${given.length} inputs, the model takes ${inputs.length}`);
      const { tensors, words } = await child.ask(encodeTensors(given));
      if (tensors?.length === outputs.length) return tensors;
      readWords(words);
      return refuse(new ModelFailure('protocol', 'it answers with other outputs than it has'));
    },
    async close() {
      child.end(new ModelFailure('crash', 'it was closed'));
      await child.gone;
    },
  };
}
