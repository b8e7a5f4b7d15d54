import { DomainError } from '@arena/problem';
import type { FastifyReply } from 'fastify';
import type { Allowance } from './limiter.js';

/** Says how much is left, in the fields of draft-ietf-httpapi-ratelimit-headers, and stops who has none. */
export function applyLimit(reply: FastifyReply, allowance: Allowance): void {
  const { policy, capacity, windowSeconds, remaining, waitSeconds, allowed } = allowance;
  reply.header('ratelimit-policy', `"${policy}";q=${capacity};w=${windowSeconds}`);
  reply.header('ratelimit', `"${policy}";r=${remaining};t=${waitSeconds}`);
  if (!allowed) throw new DomainError('limit/exceeded', { retryAfterSeconds: Math.max(1, waitSeconds) });
}
