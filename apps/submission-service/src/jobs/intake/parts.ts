import type { Logger } from '@arena/observe';
import type { Clock } from '@arena/service';
import type { KnownTask } from '../../core/uploading.js';
import type { BlindFiles } from '../../files/blind-files.js';
import type { IntakeFiles } from '../../files/intake-files.js';
import type { SubmissionDatabase } from '../../store/database.js';
import type { IntakeJob, IntakeStep } from '../../store/intake.js';
import type { StoredSubmission } from '../../store/submissions.js';
import type { ChildLimits } from './child.js';
import type { Scratch } from './scratch.js';

/** What intake is made of. */
export interface IntakeParts {
  /** Of this process, for as long as it lives. */
  instance: string;
  database: SubmissionDatabase;
  originals: IntakeFiles;
  blind: BlindFiles;
  scratch: Scratch;
  limits: ChildLimits;
  clock: Clock;
  log: Logger;
  meter: Meter;
  /** Leaves the work to others. */
  stopping: AbortSignal;
  /** How long a killed process's work waits for another. */
  leaseMs?: number;
}

export interface Meter {
  /** Of the steps; and what it took to make a starter's sketch. */
  spent(step: IntakeStep | 'starter', seconds: number): void;
  crashed(): void;
}

/** One job in hand; its signal aborts as well when the job is lost. */
export interface Work {
  job: IntakeJob;
  submission: StoredSubmission;
  task: KnownTask;
  stopping: AbortSignal;
}

export async function metered<T>({ meter }: IntakeParts, step: IntakeStep | 'starter', work: () => Promise<T>) {
  const start = performance.now();
  try {
    return await work();
  } finally {
    meter.spent(step, (performance.now() - start) / 1_000);
  }
}
