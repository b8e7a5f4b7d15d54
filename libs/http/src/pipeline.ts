// What happens to every request between its bytes and its handler, in this order:
// who calls → rate limit → may it → shapes → If-Match / Idempotency-Key → handler → declared fields only → ETag.
import { nameOf, refusal, type Authenticator, type Caller } from '@arena/auth';
import { routes, type Json, type RouteName, type RouteSpec } from '@arena/contracts';
import { crashPoint, type Database, type Sql } from '@arena/db';
import { DomainError, invalidRequest } from '@arena/problem';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { z } from 'zod';
import { createVersionedAnswers, encode, isVersioned, sendAnswer } from './answer.js';
import type { Call } from './call.js';
import { onceOnly } from './idempotency.js';
import type { Limiter } from './limiter.js';
import { applyLimit } from './rate-limit-headers.js';
import { ROUTE, type RouteRequest } from './route-request.js';

export interface HttpParts {
  database: Database;
  authenticator: Authenticator;
  limiter: Limiter;
}
export const HTTP_PARTS = Symbol('http parts');

@Injectable()
export class RoutePipeline implements NestInterceptor {
  private readonly versioned = createVersionedAnswers();

  constructor(@Inject(HTTP_PARTS) private readonly parts: HttpParts) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const name = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteName | undefined;
    if (context.getType() !== 'http' || name === undefined) return next.handle();
    const http = context.switchToHttp();
    return from(this.answer(name, http.getRequest<RouteRequest>(), http.getResponse<FastifyReply>(), next));
  }

  private async answer(
    name: RouteName,
    request: RouteRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const spec: RouteSpec = routes[name];
    const caller = await this.admit(spec, request, reply);
    const call = { ...parse(spec, request), caller, ifMatch: ifMatch(spec, request), tx: undefined };

    const handle = async (tx: Sql | undefined): Promise<unknown> => {
      request.call = { ...call, tx } as NonNullable<RouteRequest['call']>;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    };

    if (!spec.idempotent) {
      const result = await handle(undefined);
      if (isVersioned(spec, result)) return this.versioned(spec, result, request, reply);
      return sendAnswer(spec, request, reply, encode(spec, result));
    }
    const done = await onceOnly(
      this.parts.database,
      {
        caller: nameOf(caller),
        route: name,
        key: idempotencyKey(request),
        content: { params: request.params, query: request.query, body: request.body ?? null } as Json,
        secret: spec.idempotent === 'secret',
      },
      async tx => encode(spec, await handle(tx)),
    );
    crashPoint('http.before-answer');
    if (done.replayed) reply.header('idempotency-replayed', 'true');
    return sendAnswer(spec, request, reply, done);
  }

  private async admit(spec: RouteSpec, request: RouteRequest, reply: FastifyReply): Promise<Caller> {
    const { authenticator, limiter } = this.parts;
    const caller = await authenticator.authenticate(credentials(request)).catch(async (error: unknown) => {
      // Guessing keys is charged to the address that guesses.
      if (error instanceof DomainError) applyLimit(reply, await limiter.take('auth', request.ip));
      throw error;
    });
    const who = caller.kind === 'anonymous' ? request.ip : nameOf(caller);
    applyLimit(reply, await limiter.take(spec.limit, who));
    const refused = refusal(spec.access, caller);
    if (refused) throw new DomainError(refused);
    return caller;
  }
}

function credentials({ headers }: FastifyRequest) {
  const apiKey = headers['flock-api-key'];
  return { authorization: headers.authorization, 'flock-api-key': Array.isArray(apiKey) ? apiKey.join() : apiKey };
}

/** All three parts are checked before any is complained about. */
function parse(spec: RouteSpec, request: FastifyRequest): Pick<Call<RouteName>, 'params' | 'query' | 'body'> {
  const faults: NonNullable<DomainError['details']['errors']>[number][] = [];
  const check = (schema: z.ZodType | undefined, value: unknown, root: string): unknown => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(...(invalidRequest(parsed.error.issues, root).details.errors ?? []));
    return undefined;
  };
  const params = check(spec.params, request.params, '/params');
  const query = check(spec.query, request.query, '/query');
  const body = check(spec.body, request.body, '');
  if (faults.length > 0) throw new DomainError('request/invalid', { errors: faults });
  return { params, query, body } as Pick<Call<RouteName>, 'params' | 'query' | 'body'>;
}

function ifMatch(spec: RouteSpec, { headers }: FastifyRequest): string | undefined {
  if (spec.etag !== 'if-match') return undefined;
  const value = headers['if-match'];
  if (value === undefined) throw new DomainError('etag/required');
  return value;
}

function idempotencyKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (key === undefined) throw new DomainError('idempotency/missing');
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new DomainError('idempotency/malformed');
  return key;
}
