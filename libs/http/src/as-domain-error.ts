// Errors of the framework and of the parts below, as rows of our table. What is in no row stays what it is: a 500.
import { DatabaseUnavailable } from '@arena/db';
import { DomainError } from '@arena/problem';
import { HttpException } from '@nestjs/common';
import { routeOfOtherMethod } from './route-table.js';

const byStatus = new Map<number, DomainError['code']>([
  [400, 'request/malformed'],
  [408, 'request/timeout'],
  [413, 'request/too-large'],
  [414, 'request/malformed'],
  [415, 'request/media-type'],
  [431, 'request/headers-too-large'],
  [503, 'service/unavailable'],
]);

export function asDomainError(error: unknown, request: { url: string }): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof DatabaseUnavailable)
    return new DomainError('service/unavailable', { retryAfterSeconds: 1, cause: error });
  const status = statusOf(error);
  if (status === 404) {
    const methods = routeOfOtherMethod(request.url);
    return methods.length > 0
      ? new DomainError('route/method', { detail: `This path takes ${methods.join(', ')}.` })
      : new DomainError('route/unknown');
  }
  const code = byStatus.get(status ?? 500);
  return code ? new DomainError(code, { cause: error }) : error;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
