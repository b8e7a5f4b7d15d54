import type { ByteSource } from './source.js';
import { portableHash } from './hash.js';
import type { SendOptions } from './options.js';
import { partReader } from './part-reader.js';
import { putPart } from './put-part.js';
import { urlPool, type MintUrls } from './url-pool.js';

export interface Sending {
  source: ByteSource;
  partSize: number;
  /** Parts that need not be sent any more. */
  landed: ReadonlySet<number>;
  mint: MintUrls;
  onSent(bytes: number): void;
}

const CONCURRENCY = 4;

/** Sends what has not landed, several parts at a time, and gives the sha256 of the whole. */
export async function sendParts(sending: Sending, options: SendOptions): Promise<string> {
  const { source, partSize, landed, mint, onSent } = sending;
  const { concurrency = CONCURRENCY, newHash = portableHash } = options;
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const all = Array.from({ length: Math.ceil(source.size / partSize) }, (_, i) => i + 1);
  const numbers = all.filter(number => !landed.has(number));
  const urls = urlPool(mint, { numbers, ahead: 2 * concurrency, signal });
  const target = { urls, fetch: options.fetch ?? fetch, timeoutMs: options.partTimeoutMs, signal };
  const reader = partReader(source, { partSize, landed, hash: newHash(), onSkipped: onSent });
  const work = async () => {
    for (;;) {
      signal.throwIfAborted();
      const part = await reader.next();
      if (!part) return;
      await putPart(target, part);
      onSent(part.bytes.length);
    }
  };
  // The first failure stops the others, and nothing is still running when it is told.
  const stop = (error: unknown) => {
    if (!signal.aborted) failed.abort(error);
    throw signal.reason;
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, () => work().catch(stop)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return reader.sha256();
}
