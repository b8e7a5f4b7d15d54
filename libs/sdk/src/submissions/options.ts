import type { intakeSteps } from '@arena/contracts';
import type { Received } from '../types.js';
import type { SendOptions } from '../uploads/options.js';
import type { ByteSource } from '../uploads/source.js';

export type Submission = Received<'submissions.get'>;

export interface SubmitProgress {
  /** Keep it: with it as `resume`, another process goes on where this one was stopped. Undefined until there is one. */
  submission: string | undefined;
  /** `waiting`: all is done but for the stake, whose block may still be undone. */
  doing: 'reading' | 'sending' | 'inspecting' | 'waiting' | 'done';
  /** What intake is at while `inspecting`. */
  step: (typeof intakeSteps)[number] | null;
  sent: number;
  total: number;
}

export interface SubmitOptions extends SendOptions {
  task: number;
  /** The `.onnx`: `blobSource(file)` in browsers; for files on disk see `submitModelFile` of `@arena/sdk/node`. */
  source: ByteSource;
  filename: string;
  /** The file of its external data, by the name that the model gives it. */
  data?: { source: ByteSource; filename: string } | undefined;
  /** An earlier submission of yours on this task: withdrawn when this one is accepted. */
  supersedes?: string | undefined;
  /** Opens the commitment that `commitModel` registered. */
  salt?: string | undefined;
  /**
   * The submission that an earlier process began. Left out, an unfinished upload of this very model is looked for;
   * `false` begins anew in any case.
   */
  resume?: string | false | undefined;
  onProgress?: (progress: SubmitProgress) => void;
}

/** One of the files that make the model. */
export interface GivenFile {
  file: 'model' | 'data';
  source: ByteSource;
  filename: string;
}

export const filesOf = ({ source, filename, data }: SubmitOptions): GivenFile[] => [
  { file: 'model', source, filename },
  ...(data ? [{ file: 'data' as const, ...data }] : []),
];

export const sizeOf = (files: readonly GivenFile[]): number => files.reduce((sum, { source }) => sum + source.size, 0);
