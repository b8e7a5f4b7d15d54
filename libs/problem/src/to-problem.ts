import { problems, type Problem } from '@arena/contracts';
import { DomainError } from './domain-error.js';

export interface ProblemContext {
  instance?: string;
  traceId?: string;
}

/** The RFC 9457 body. Whatever is no DomainError is our own fault: its message stays in the log. */
export function toProblem(error: unknown, { instance, traceId }: ProblemContext = {}): Problem {
  const { code, details } = error instanceof DomainError ? error : new DomainError('internal');
  const { status, title } = problems[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    ...(instance === undefined ? {} : { instance }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(details.errors?.length ? { errors: details.errors.map(({ pointer, detail }) => ({ pointer, detail })) } : {}),
  };
}
