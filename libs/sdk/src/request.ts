import type { RouteSpec } from '@arena/contracts';
import { ArenaError } from './error.js';
import type { LooseCall } from './types.js';

export interface WireRequest {
  url: string;
  init: RequestInit;
}

/** The call as HTTP, the same at every attempt. */
export function toRequest(origin: string, spec: RouteSpec, call: LooseCall, credential?: string): WireRequest {
  const headers = new Headers({ accept: spec.stream ? 'text/event-stream' : 'application/json' });
  const put = (name: string, value: string | undefined) => value !== undefined && headers.set(name, value);
  put('authorization', credential && `Bearer ${credential}`);
  put('if-match', call.ifMatch);
  put('if-none-match', call.ifNoneMatch);
  if (spec.idempotent) put('idempotency-key', call.idempotencyKey ?? crypto.randomUUID());
  put('last-event-id', call.lastEventId);
  if (call.body !== undefined) put('content-type', spec.media ?? 'application/json');
  return {
    url: origin + fill(spec.path, Object(call.params)) + search(Object(call.query)),
    init: {
      method: spec.method,
      headers,
      ...(call.body === undefined ? {} : { body: spec.media ? (call.body as Blob) : JSON.stringify(call.body) }),
      ...(call.signal ? { signal: call.signal } : {}),
    },
  };
}

function fill(path: string, params: object): string {
  const values = new Map<string, unknown>(Object.entries(params));
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new TypeError(`The call names no ${name} for ${path}`);
    return encodeURIComponent(String(value));
  });
}

function search(query: object): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}

/** One attempt: the whole answer, or `client/unreachable`. An abort stays the abort that it is. */
export async function attempt(
  send: typeof fetch,
  { url, init }: WireRequest,
  timeoutMs?: number,
): Promise<{ response: Response; text: string }> {
  try {
    const patience = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    const signal = AbortSignal.any([...patience, ...(init.signal ? [init.signal] : [])]);
    const response = await send(url, { ...init, signal });
    return { response, text: await response.text() };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable(url, error);
  }
}

export const unreachable = (url: string, cause: unknown): ArenaError =>
  new ArenaError('client/unreachable', {
    title: `No answer from ${new URL(url).origin}`,
    detail: reasonOf(cause),
    cause,
  });

/** fetch says only "failed"; why is in the cause, and for a host of several addresses in the cause's parts. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = error.cause instanceof AggregateError ? (error.cause.errors as unknown[])[0] : error.cause;
  return inner instanceof Error ? inner.message : error.message;
}
