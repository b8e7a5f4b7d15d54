import { ArenaError } from '../error.js';
import { attempt } from '../request.js';
import { delayMs, pause } from '../retry.js';
import type { Part } from './part-reader.js';
import type { UrlPool } from './url-pool.js';

export interface PutTarget {
  urls: UrlPool;
  fetch: typeof fetch;
  timeoutMs: number | undefined;
  signal: AbortSignal;
}

const ATTEMPTS = 6;
const LEAST_PATIENCE_MS = 30_000;
/** A slower line than this is as good as none. */
const BYTES_PER_MS = 65.536;

/** Sends one part. Each further attempt asks for a fresh URL: the last one may have expired while the line was down. */
export async function putPart(target: PutTarget, part: Part): Promise<void> {
  for (let tried = 1; ; tried++) {
    const { url, size } = await target.urls.take(part.number, tried > 1);
    if (size !== part.bytes.length)
      throw new TypeError(`Part ${part.number} was cut to ${part.bytes.length} bytes, the server expects ${size}`);
    try {
      return await put(target, url, part);
    } catch (error) {
      if (tried >= ATTEMPTS || !(error instanceof ArenaError)) throw error;
      await pause(delayMs(tried), target.signal);
    }
  }
}

async function put({ fetch, signal, timeoutMs }: PutTarget, url: string, { number, bytes }: Part): Promise<void> {
  const patienceMs = timeoutMs ?? LEAST_PATIENCE_MS + bytes.length / BYTES_PER_MS;
  const request = { url, init: { method: 'PUT', body: bytes, signal } };
  const { response, text } = await attempt(fetch, request, Math.ceil(patienceMs));
  // A store may begin its answer before it knows how it ends: an error then stands in the body of a 200.
  if (response.ok && !/<Error[\s>]/.test(text)) return;
  throw new ArenaError('client/upload', {
    status: response.status,
    title: `The object store did not take part ${number}`,
    detail: text.slice(0, 300) || `HTTP ${response.status}`,
  });
}
