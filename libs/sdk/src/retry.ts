// When to try again, and after how long.
import type { RouteSpec } from '@arena/contracts';
import { ArenaError } from './error.js';

const FIRST_MS = 200;
const MOST_MS = 5_000;
/** A server that asks for a longer rest is obeyed by giving up: the caller knows better what to do with a minute. */
export const LONGEST_REST_SECONDS = 60;

const passing = new Set([429, 502, 503, 504]);

/** Whether it can come to another end the next time, and does no harm if the first time had an effect after all. */
export function mayRetry(error: unknown, spec: Pick<RouteSpec, 'method' | 'idempotent'>): error is ArenaError {
  if (!(error instanceof ArenaError) || (error.retryAfterSeconds ?? 0) > LONGEST_REST_SECONDS) return false;
  // Refused before anything was done.
  if (error.status === 429 || error.code === 'idempotency/running') return true;
  const repeatable = spec.idempotent !== undefined || ['GET', 'PUT', 'DELETE'].includes(spec.method);
  return repeatable && (error.code === 'client/unreachable' || passing.has(error.status ?? 0));
}

/** Exponential, spread by chance so that clients which failed together do not come back together. */
export function delayMs(attempt: number, retryAfterSeconds = 0, chance: number = Math.random()): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  return retryAfterSeconds * 1_000 + Math.round((0.5 + chance / 2) * most);
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
