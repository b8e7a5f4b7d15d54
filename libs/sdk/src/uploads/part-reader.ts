import { hexOf, type RunningHash } from './hash.js';
import type { ByteSource } from './source.js';

export interface Part {
  number: number;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface PartReader {
  /** The next part that has to be sent; undefined after the last. Those that have landed are hashed and skipped. */
  next(): Promise<Part | undefined>;
  /** Of the whole file, once `next` has run out. */
  sha256(): string;
}

interface Cut {
  partSize: number;
  landed: ReadonlySet<number>;
  hash: RunningHash;
  onSkipped(bytes: number): void;
}

/** So small that hashing a piece does not hold up everything else. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Reads a file once from front to back, however many workers ask: the hash needs the order. No part is read before
 * somebody asks for it, so each worker holds one part and nothing else is held.
 */
export function partReader(source: ByteSource, { partSize, landed, hash, onSkipped }: Cut): PartReader {
  let offset = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Part | undefined> {
    while (offset < source.size) {
      const number = offset / partSize + 1;
      const start = offset;
      const end = Math.min(start + partSize, source.size);
      const skip = landed.has(number);
      const bytes = new Uint8Array(skip ? 0 : end - start);
      for (; offset < end; offset = Math.min(offset + PIECE_BYTES, end)) {
        const piece = await source.read(offset, Math.min(PIECE_BYTES, end - offset));
        hash.update(piece);
        if (!skip) bytes.set(piece, offset - start);
      }
      if (!skip) return { number, bytes };
      onSkipped(end - start);
    }
    return undefined;
  }

  return {
    next() {
      const mine = turn.then(read);
      turn = mine.catch(() => undefined);
      return mine;
    },
    sha256: () => hexOf(hash),
  };
}
