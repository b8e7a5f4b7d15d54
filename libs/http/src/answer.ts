// The last steps of a request: only declared fields leave, ETags are compared, and what was encoded once for a version
// is not encoded again.
import type { RouteSpec } from '@arena/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tagged, Versioned } from './call.js';
import { entityTag, names } from './core/entity-tag.js';
import type { StoredAnswer } from './idempotency.js';

const MOST_KEPT = 1_000;

/** A failing parse here is our own fault and ends as a 500; what the schema does not declare is dropped. */
export function encode(spec: RouteSpec, result: unknown): StoredAnswer {
  if (!spec.answer) return { answer: undefined, etag: null };
  const { body, version } = spec.etag ? (result as Tagged<unknown>) : { body: result, version: undefined };
  return { answer: spec.answer.parse(body), etag: version === undefined ? null : entityTag(version) };
}

export function sendAnswer(
  spec: RouteSpec,
  request: FastifyRequest,
  reply: FastifyReply,
  { answer, etag }: StoredAnswer,
): unknown {
  const { authorization, 'flock-api-key': apiKey } = request.headers;
  if (spec.access.who !== 'anyone' || authorization || apiKey) reply.header('cache-control', 'no-store');
  return etag !== null && isKnown(request, reply, etag) ? undefined : answer;
}

export const isVersioned = (spec: RouteSpec, result: unknown): result is Versioned<unknown> =>
  spec.etag === 'answer' && typeof (result as Partial<Versioned<unknown>>).load === 'function';

/** Answers by version; the oldest goes when there are too many. */
export function createVersionedAnswers() {
  const kept = new Map<string, { etag: string; text: string }>();

  async function encoded(spec: RouteSpec, key: string, { version, load }: Versioned<unknown>) {
    const found = kept.get(key);
    if (found?.etag === entityTag(version)) return found;
    const { answer, etag } = encode(spec, await load());
    const made = { etag: etag ?? '', text: JSON.stringify(answer) };
    kept.delete(key);
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, made);
    return made;
  }

  return async (
    spec: RouteSpec,
    result: Versioned<unknown>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> => {
    const { etag, text } = await encoded(spec, `${spec.path} ${JSON.stringify(request.params)}`, result);
    reply.header('content-type', 'application/json; charset=utf-8');
    return sendAnswer(spec, request, reply, { answer: text, etag });
  };
}

/** Sets the ETag, and the status when the client has this version already. */
function isKnown({ headers, method }: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag);
  const known = headers['if-none-match'];
  if (method !== 'GET' || known === undefined || !names(known, etag, { weak: true })) return false;
  reply.code(304);
  return true;
}
