import type { Problem } from '@arena/contracts';
import { traceId, type Logger } from '@arena/observe';
import { toProblem } from '@arena/problem';
import type { FastifyRequest } from 'fastify';
import { asDomainError } from './as-domain-error.js';

/** What the client is told of an error, and the log with it. */
export function problemOf(thrown: unknown, request: FastifyRequest, log: Logger): { problem: Problem; error: unknown } {
  const error = asDomainError(thrown, request);
  const trace = traceId();
  const problem = toProblem(error, {
    instance: (request.url.split('?', 1)[0] ?? '').slice(0, 300),
    ...(trace === undefined ? {} : { traceId: trace }),
  });
  const { code, status } = problem;
  if (status >= 500) log.error({ err: thrown, code, method: request.method }, 'request failed');
  else log.debug({ code, method: request.method }, 'request refused');
  return { problem, error };
}
