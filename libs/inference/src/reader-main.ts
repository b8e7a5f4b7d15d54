// The child's second thread: it reads the next batch while the model computes on this one, and ends the process when
// the pipe ends, which the main thread could not do while a model runs for ever. So no child outlives its parent.
import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { readFrames } from './frames.js';

const STDIN = 0;
/** The parent is trusted. */
const caps = { tensors: 1_024, bytes: Infinity };

const frames = readFrames(caps, ({ words, tensors }) => {
  const buffers = (tensors ?? []).map(({ data }) => data.buffer as ArrayBuffer);
  parentPort?.postMessage({ words, tensors }, buffers);
});

/** A pipe that breaks has ended too: the parent may be killed while it has not read everything. */
function readSome(into: Uint8Array, from: number): number {
  try {
    return readSync(STDIN, into, from, into.length - from, null);
  } catch {
    return 0;
  }
}

for (const wanted of frames)
  for (let filled = 0; filled < wanted.length;) {
    const read = readSome(wanted, filled);
    if (read === 0) process.kill(process.pid, 'SIGKILL');
    filled += read;
  }
