import { hexOf, portableHash, type NewHash } from './hash.js';
import type { ByteSource } from './source.js';

const PIECE_BYTES = 4 * 1024 * 1024;

export interface HashSourceOptions {
  from?: number;
  length?: number;
  newHash?: NewHash | undefined;
  onRead?: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/** As hex; of all of it, or of a stretch. */
export async function hashSource(source: ByteSource, options: HashSourceOptions = {}): Promise<string> {
  const { from = 0, length = source.size - from, newHash = portableHash, onRead, signal } = options;
  const hash = newHash();
  for (let done = 0; done < length; done += PIECE_BYTES) {
    signal?.throwIfAborted();
    const piece = await source.read(from + done, Math.min(PIECE_BYTES, length - done));
    hash.update(piece);
    onRead?.(piece.length);
  }
  return hexOf(hash);
}
