import type { ProblemCode } from '@arena/contracts';

export interface FieldError {
  /** JSON Pointer into the body; parameters and headers are pointed at as /params/… , /query/… and /headers/… */
  pointer: string;
  detail: string;
}

export interface ErrorDetails {
  detail?: string;
  errors?: readonly FieldError[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** A rule said no. Its code is a row of the problem table; in a job it means: do not retry. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ProblemCode,
    readonly details: ErrorDetails = {},
  ) {
    super(details.detail ? `${code}: ${details.detail}` : code, { cause: details.cause });
  }
}
