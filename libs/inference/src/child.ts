// One process and its end, whichever comes first: ours (failure, abort, time, close) or its own. After the end every
// question is answered by the same reason, and nothing of its group runs any more.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { failureAtExit, ModelFailure } from './failure.js';
import type { Line } from './command-line.js';
import { FrameError, readFrames, type Frame, type FrameCaps } from './frames.js';

export interface Child {
  /** Sends the pieces of one frame and waits for the frame that answers it. Questions are answered in order. */
  ask(pieces: readonly Uint8Array[]): Promise<Frame>;
  /** The first reason counts. */
  end(reason: unknown): void;
  /** Resolves once the process is gone. */
  readonly gone: Promise<void>;
}

const LAST_WORDS_BYTES = 4 * 1024;
/** How long the last words of a process that ended may take to come. */
const DRAIN_MS = 250;

interface Waiting {
  resolve: (frame: Frame) => void;
  reject: (reason: unknown) => void;
}

export function startChild(line: Line, caps: FrameCaps): Child {
  const [program = '', ...args] = line;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, args, {
    env: {},
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting: Waiting[] = [];
  let ended: { reason: unknown } | undefined;
  let running = true;
  let lastWords = '';

  function end(reason: unknown): void {
    if (ended) return;
    ended = { reason };
    if (running) killGroup(child.pid);
    for (const { reject } of waiting.splice(0)) reject(reason);
  }

  child.stderr.on(
    'data',
    (chunk: Buffer) => (lastWords = (lastWords + chunk.toString('latin1')).slice(-LAST_WORDS_BYTES)),
  );
  child.stdout.on(
    'data',
    taking(
      caps,
      frame => waiting.shift()?.resolve(frame),
      end,
      () => waiting.length > 0,
    ),
  );
  // A broken pipe means that the process has ended, which says more about why.
  child.stdin.on('error', () => undefined);

  const gone = new Promise<void>(resolve => {
    child.once('error', error => {
      running = false;
      end(new ModelFailure('crash', `it cannot be started: ${error.message}`));
      resolve();
    });
    child.once('exit', (code, signal) => {
      // Whatever it started ends with it; later its number may be another's.
      killGroup(child.pid);
      running = false;
      const told = () => {
        end(failureAtExit(code, signal, lastWords));
        resolve();
      };
      const patience = setTimeout(told, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(patience);
        told();
      });
    });
  });

  return {
    ask: pieces =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended.reason);
        waiting.push({ resolve, reject });
        // What is asked within one turn of the event loop goes out at once.
        if (child.stdin.writableCorked === 0) {
          child.stdin.cork();
          setImmediate(() => child.stdin.uncork());
        }
        for (const piece of pieces) child.stdin.write(piece);
      }),
    end,
    gone,
  };
}

/** Puts what comes together to frames. What does not fit is the end. */
function taking(
  caps: FrameCaps,
  got: (frame: Frame) => void,
  end: (reason: ModelFailure) => void,
  expected: () => boolean,
): (chunk: Uint8Array) => void {
  const frames = readFrames(caps, got);
  let wanted: Uint8Array | undefined;
  let filled = 0;

  const fill = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length;) {
      if (!expected()) throw new FrameError('words that nobody asked for');
      wanted ??= frames.next().value;
      const bytes = Math.min(wanted.length - filled, chunk.length - at);
      wanted.set(chunk.subarray(at, at + bytes), filled);
      at += bytes;
      filled += bytes;
      if (filled < wanted.length) continue;
      filled = 0;
      wanted = frames.next().value;
    }
  };

  let broken = false;
  return chunk => {
    if (broken) return;
    try {
      fill(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      broken = true;
      end(new ModelFailure(error.tooLarge ? 'bad-output' : 'protocol', error.message));
    }
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
