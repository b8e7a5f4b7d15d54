// A download that is as good as its hash, however often the line breaks on the way.
import { ArenaError } from '../error.js';
import { delayMs, pause } from '../retry.js';
import { hexOf, portableHash, type NewHash } from '../uploads/hash.js';

export interface DownloadProgress {
  received: number;
  total: number;
}

export interface ReceiveOptions {
  /**
   * Takes the bytes as they come, in order; the next wait for it. They are proven only once the whole call is done:
   * throw away what it got when the call fails.
   */
  onBytes: (bytes: Uint8Array) => void | Promise<void>;
  onProgress?: (progress: DownloadProgress) => void;
  newHash?: NewHash;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

export interface Downloaded {
  filename: string;
  size: number;
  sha256: string;
}

interface Announced extends Downloaded {
  url: string;
}

const ATTEMPTS = 6;

/** `announce` gives a fresh URL each time. A broken connection goes on from the byte where it broke. */
export async function receive(
  announce: () => Promise<Announced>,
  options: ReceiveOptions,
  sha256Wanted?: string,
): Promise<Downloaded> {
  const { onBytes, onProgress, signal, newHash = portableHash } = options;
  const hash = newHash();
  let received = 0;
  for (let tried = 1; ; tried++) {
    const file = await announce();
    const expected = sha256Wanted ?? file.sha256;
    if (file.sha256 !== expected) throw wrong(`It is announced as ${file.sha256}, not as ${expected}`);
    const before = received;
    try {
      for await (const bytes of bytesOf(options.fetch ?? fetch, file, received, signal)) {
        received += bytes.length;
        hash.update(bytes);
        await onBytes(bytes);
        onProgress?.({ received, total: file.size });
      }
      if (received < file.size) throw broken(`It ended after ${received} of ${file.size} bytes`);
    } catch (error) {
      if (received > before) tried = 1;
      if (tried >= ATTEMPTS || !(error instanceof ArenaError) || error.code !== 'client/unreachable') throw error;
      await pause(delayMs(tried), signal);
      continue;
    }
    const sha256 = hexOf(hash);
    if (received !== file.size || sha256 !== expected)
      throw wrong(`${received} bytes with the hash ${sha256} came instead of ${file.size} with ${expected}`);
    return { filename: file.filename, size: received, sha256 };
  }
}

/** What fails in here is the line; what fails in whoever takes the bytes is not retried. */
async function* bytesOf(
  send: typeof fetch,
  { url, size }: Announced,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (from >= size) return;
  const onLine = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw broken(error instanceof Error ? error.message : undefined, error);
    }
  };
  const response = await onLine(() =>
    send(url, { ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}), ...(signal ? { signal } : {}) }),
  );
  const reader = response.body?.getReader();
  try {
    if (response.status !== (from > 0 ? 206 : 200) || !reader) throw broken(`HTTP ${response.status}`);
    for (;;) {
      const { done, value } = await onLine(() => reader.read());
      if (done) return;
      yield value as Uint8Array;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

const broken = (detail: string | undefined, cause?: unknown) =>
  new ArenaError('client/unreachable', { title: 'The download broke off', detail, cause });
const wrong = (detail: string) =>
  new ArenaError('client/download', { title: 'These are not the announced bytes', detail });
