import type { Logger } from '@arena/observe';
import { traceId } from '@arena/observe';
import { DomainError, toProblem } from '@arena/problem';
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asDomainError } from './as-domain-error.js';

export const HTTP_LOGGER = Symbol('http logger');

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(HTTP_LOGGER) private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = asDomainError(thrown, request);
    const trace = traceId();
    const problem = toProblem(error, {
      instance: (request.url.split('?', 1)[0] ?? '').slice(0, 300),
      ...(trace === undefined ? {} : { traceId: trace }),
    });
    if (problem.status >= 500)
      this.log.error({ err: thrown, code: problem.code, method: request.method }, 'request failed');
    else this.log.debug({ code: problem.code, method: request.method }, 'request refused');

    if (reply.sent) return;
    const { retryAfterSeconds } = error instanceof DomainError ? error.details : {};
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    void reply
      .code(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  }
}
