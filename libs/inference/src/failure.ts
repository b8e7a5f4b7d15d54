// Why a model could not be run, as a value that others decide on, with what the runtime said about it.
import type { Stage } from './words.js';

export type FailureKind =
  /** The runtime refused to go on, or its process ended. */
  | 'crash'
  | 'timeout'
  | 'oom'
  | 'unsupported-op'
  /** It takes other inputs than the data have. */
  | 'bad-input'
  /** Outputs that are no tensors of numbers, or more bytes of them than allowed. */
  | 'bad-output'
  /** The process said what no child of ours says. */
  | 'protocol';

export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';

  constructor(
    readonly kind: FailureKind,
    /** What the runtime said: short, of printable characters, without paths, and without numbers once it had seen data. */
    readonly excerpt: string,
  ) {
    super(excerpt ? `${kind}: ${excerpt}` : kind);
  }
}

const EXCERPT_LENGTH = 500;

const outOfMemory =
  /bad_alloc|out of memory|failed to allocate|allocation failed|cannot allocate|bad array new length/i;
const unsupported =
  /NOT_IMPLEMENTED|could not find an implementation|is not a registered function\/op|no op registered|unsupported data type|unsupported model|is not supported|under development|unrecognized|no opset import/i;

/** By the words of the runtime, which has no other language for it. */
export function failureOf(at: Stage, message: string): ModelFailure {
  const excerpt = excerptOf(message, { hideNumbers: at !== 'load' });
  if (at === 'output') return new ModelFailure('bad-output', excerpt);
  if (outOfMemory.test(message)) return new ModelFailure('oom', excerpt);
  return new ModelFailure(unsupported.test(message) ? 'unsupported-op' : 'crash', excerpt);
}

/** The process ended by itself. SIGKILL may be the kernel short of memory, or anybody: it is not guessed at. */
export function failureAtExit(code: number | null, signal: string | null, lastWords: string): ModelFailure {
  const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
  const said = excerptOf(lastWords, { hideNumbers: true });
  return new ModelFailure(outOfMemory.test(lastWords) ? 'oom' : 'crash', excerptOf(`${how}${said && `: ${said}`}`));
}

/**
 * A model can bring numbers of its inputs into an error message (an index out of bounds, say), and its trainer reads
 * the excerpt: so there are no digits in what was said after the first batch.
 */
export function excerptOf(text: string, { hideNumbers = false } = {}): string {
  const clean = text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\s\\/:"'()<>]+){2,}/g, '(path)')
    .trim();
  const shown = hideNumbers ? clean.replace(/\d+/g, '#') : clean;
  return shown.length > EXCERPT_LENGTH ? `${shown.slice(0, EXCERPT_LENGTH - 1)}…` : shown;
}
