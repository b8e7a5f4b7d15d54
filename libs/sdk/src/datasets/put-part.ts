import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { attempt } from '../request.js';
import { delayMs, pause } from '../retry.js';
import type { Part } from './part-reader.js';

export interface PutTarget {
  client: Client;
  dataset: string;
  version: number;
  fetch: typeof fetch;
  signal: AbortSignal;
}

const ATTEMPTS = 6;

/** Sends one part. Each attempt asks for a fresh URL: the last one may have expired while the line was down. */
export async function putPart(target: PutTarget, part: Part): Promise<void> {
  for (let tried = 1; ; tried++) {
    const url = await mintUrl(target, part);
    try {
      return await put(target, url, part);
    } catch (error) {
      if (tried >= ATTEMPTS || !(error instanceof ArenaError)) throw error;
      await pause(delayMs(tried), target.signal);
    }
  }
}

async function mintUrl({ client, dataset, version, signal }: PutTarget, { number, bytes }: Part): Promise<string> {
  const params = { dataset, version };
  const { urls } = await client.call('datasets.versions.parts.urls', { params, body: { numbers: [number] }, signal });
  const [minted] = urls;
  if (minted?.number === number && minted.size === bytes.length) return minted.url;
  throw new TypeError(`Part ${number} was cut to ${bytes.length} bytes, the server expects ${minted?.size}`);
}

async function put({ fetch, signal }: PutTarget, url: string, { number, bytes }: Part): Promise<void> {
  const { response, text } = await attempt(fetch, { url, init: { method: 'PUT', body: bytes, signal } });
  if (response.ok) return;
  throw new ArenaError('client/upload', {
    status: response.status,
    title: `The object store did not take part ${number}`,
    detail: text.slice(0, 300) || `HTTP ${response.status}`,
  });
}
