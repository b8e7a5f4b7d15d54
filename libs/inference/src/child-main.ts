// ONNX Runtime in a process of its own. It knows nothing but the model and what comes through the pipe, says nothing
// but through the other, and ends with the first failure. Whoever started it does not believe a word.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Tensor as Given } from '@arena/scoring';
import { encodeTensors, encodeWords, isElementType, type Frame } from './frames.js';
import type { Declared, Stage, Start } from './words.js';

const STDOUT = 1;
/** Answers up to this are kept while another batch is waiting: one call of the system then serves several. */
const GATHERED_BYTES = 64 * 1024;

/** Why it ends, and what it was doing. */
class Failure extends Error {
  constructor(
    readonly at: Stage,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

let kept: Uint8Array[] = [];
let keptBytes = 0;

function send(pieces: readonly Uint8Array[], more = false): void {
  kept.push(...pieces);
  keptBytes += pieces.reduce((sum, { length }) => sum + length, 0);
  if (more && keptBytes < GATHERED_BYTES) return;
  for (const piece of keptBytes > GATHERED_BYTES ? kept : [Buffer.concat(kept, keptBytes)])
    for (let sent = 0; sent < piece.length;) sent += writeSync(STDOUT, piece, sent);
  kept = [];
  keptBytes = 0;
}

async function load({ model, provider, threads, optimisation }: Start): Promise<InferenceSession> {
  env.logLevel = 'error';
  return InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: optimisation,
    logSeverityLevel: 4,
    // Threads that wait for work by spinning would take it from the others on this machine.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

function declared(values: readonly InferenceSession.ValueMetadata[]): Declared[] {
  return values.map(value => {
    if (!value.isTensor || !isElementType(value.type))
      throw new Failure('output', `${value.name} is no tensor of numbers`);
    const shape = value.shape.map(dim => (typeof dim === 'number' ? dim : null));
    return { name: value.name, type: value.type, shape };
  });
}

async function run(session: InferenceSession, inputs: readonly Given[]): Promise<Given[]> {
  const feeds = session.inputNames.map((name, index) => {
    const { type, data, shape } = inputs[index] as Given;
    return [name, new Tensor(type as 'float32', data as Float32Array, shape)];
  });
  const results = await session.run(Object.fromEntries(feeds)).catch((error: unknown) => {
    throw new Failure('run', error);
  });
  return session.outputNames.map(name => {
    const { type, dims, data } = results[name] as Tensor;
    if (!isElementType(type)) throw new Failure('output', `an output of type ${type}`);
    return { type, shape: dims, data: data as Given['data'] };
  });
}

let session: InferenceSession | undefined;
/** Frames that have come behind the one that is being answered. */
let waiting = -1;

async function answer({ words, tensors }: Frame): Promise<void> {
  if (tensors && session) return send(encodeTensors(await run(session, tensors)), waiting > 0);
  try {
    session = await load((words as { start: Start }).start);
    const ready = { inputs: declared(session.inputMetadata), outputs: declared(session.outputMetadata) };
    send([encodeWords({ ready })]);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('load', error);
  }
}

function end(error: unknown): void {
  const { at, message } = error instanceof Failure ? error : new Failure('run', error);
  try {
    send([encodeWords({ failed: { at, message: message.slice(0, 4_096) } })]);
  } finally {
    // A normal exit would wait for the reader, and that for the parent.
    process.kill(process.pid, 'SIGKILL');
  }
}

let turn = Promise.resolve();
// The output of a thread is kept from ours: joining them would make the pipe non-blocking.
new Worker(new URL('./reader-main.js', import.meta.url), { stdout: true, stderr: true })
  .on('message', (frame: Frame) => {
    waiting += 1;
    turn = turn
      .then(() => answer(frame))
      .then(() => void (waiting -= 1))
      .catch(end);
  })
  .on('error', end);
