// What happens to every request between its bytes and its handler, in this order:
// who calls → rate limit → may it → shapes → If-Match / Idempotency-Key → handler → declared fields only → ETag.
// A body of JSON has been read before that; one of bytes is read only for who may send it.
import { createHash } from 'node:crypto';
import { nameOf, type Authenticator } from '@arena/auth';
import { BODY_BYTES_MAX, routes, type Json, type RouteName, type RouteSpec } from '@arena/contracts';
import { crashPoint, type Database, type Sql } from '@arena/db';
import type { Logger } from '@arena/observe';
import { DomainError } from '@arena/problem';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { admit, readmit, whoCounts } from './admission.js';
import { createVersionedAnswers, encode, isVersioned, sendAnswer } from './answer.js';
import { followed } from './followed.js';
import { onceOnly } from './idempotency.js';
import type { Limiter } from './limiter.js';
import { idempotencyKey, ifMatch, parse } from './parse-request.js';
import { HTTP_LOGGER } from './problem-filter.js';
import { readBytes } from './read-bytes.js';
import { ROUTE, type Following, type Handed, type RouteRequest } from './route-request.js';
import type { Streams } from './streams.js';

export interface HttpParts {
  database: Database;
  authenticator: Authenticator;
  limiter: Limiter;
  streams: Streams;
}
export const HTTP_PARTS = Symbol('http parts');

@Injectable()
export class RoutePipeline implements NestInterceptor {
  private readonly versioned = createVersionedAnswers();

  constructor(
    @Inject(HTTP_PARTS) private readonly parts: HttpParts,
    @Inject(HTTP_LOGGER) private readonly log: Logger,
  ) {}

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
    const caller = await admit(this.parts, spec, request, reply);
    const parsed = parse(spec, request);
    const checked = { ...parsed, caller, ifMatch: ifMatch(spec, request) };
    const body = spec.media ? await bytesOf(spec, request) : parsed.body;

    const handle = async (tx: Sql | undefined, following: Following = {}): Promise<unknown> => {
      request.call = { ...checked, body, tx, lastEventId: undefined, signal: undefined, ...following } as Handed;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    };

    if (spec.stream) {
      const recheck = () => readmit(this.parts, spec, request);
      const source = {
        shape: spec.stream.event,
        request,
        reply,
        who: whoCounts(caller, request),
        recheck,
        log: this.log,
      };
      return followed(this.parts.streams, source, following => handle(undefined, following));
    }
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
        content: { params: request.params, query: request.query, body: contentOf(spec, request, body) } as Json,
        secret: spec.idempotent === 'secret',
      },
      async tx => encode(spec, await handle(tx)),
    );
    crashPoint('http.before-answer');
    if (done.replayed) reply.header('idempotency-replayed', 'true');
    return sendAnswer(spec, request, reply, done);
  }
}

async function bytesOf(spec: RouteSpec, { body, raw }: RouteRequest): Promise<Uint8Array> {
  // Only the parser of the route's own media type hands the unread body on.
  if (body !== raw) throw new DomainError('request/media-type', { detail: `This route takes ${spec.media}.` });
  return readBytes(raw, spec.bodyLimit ?? BODY_BYTES_MAX);
}

/** What stands for the body when one request is told from another: bytes by their hash. */
const contentOf = (spec: RouteSpec, request: RouteRequest, body: unknown): unknown =>
  spec.media
    ? {
        sha256: createHash('sha256')
          .update(body as Uint8Array)
          .digest('hex'),
      }
    : (request.body ?? null);
