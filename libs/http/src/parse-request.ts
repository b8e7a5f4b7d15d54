import type { RouteName, RouteSpec } from '@arena/contracts';
import { DomainError, invalidRequest } from '@arena/problem';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Call } from './call.js';

/** All three parts are checked before any is complained about. */
export function parse(spec: RouteSpec, request: FastifyRequest): Pick<Call<RouteName>, 'params' | 'query' | 'body'> {
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

export function ifMatch(spec: RouteSpec, { headers }: FastifyRequest): string | undefined {
  if (spec.etag !== 'if-match') return undefined;
  const value = headers['if-match'];
  if (value === undefined) throw new DomainError('etag/required');
  return value;
}

export function idempotencyKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (key === undefined) throw new DomainError('idempotency/missing');
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new DomainError('idempotency/malformed');
  return key;
}

/** Where a follower left off. */
export function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && id.length <= 200) return id;
  const detail = 'must be an id of an event of this stream';
  throw new DomainError('request/invalid', { errors: [{ pointer: '/headers/last-event-id', detail }] });
}
