// How the child is started. `command` of the options may put anything in front: what limits memory, or takes the network away.
import { fileURLToPath } from 'node:url';

export type Line = readonly string[];

/** The built file, also where the sources run as they are: a child must start fast, and by Node alone. */
const childMain = fileURLToPath(new URL('../dist/child-main.js', import.meta.url));

/** Tensors do not lie in JavaScript's heap, so this is enough for any model. */
const HEAP_MIB = 128;

/** What Node and ONNX Runtime take before there is a model; a limit on the model's memory comes on top. */
const RUNTIME_BYTES = 256 * 1024 * 1024;

export const childLine = (): Line => [process.execPath, `--max-old-space-size=${HEAP_MIB}`, childMain];

/**
 * Memory that the process may write, by the shell's ulimit, which Linux counts as it is mapped: more is refused to the
 * model, and nothing is killed. Elsewhere there is no such limit.
 */
export const withDataLimit =
  (bytes: number) =>
  (line: Line): Line =>
    process.platform === 'linux'
      ? ['/bin/sh', '-c', 'ulimit -d "$0" && exec "$@"', String(Math.ceil((bytes + RUNTIME_BYTES) / 1024)), ...line]
      : line;
