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

/** Lets everything else have its turn. */
const breath = () => new Promise(resolve => setTimeout(resolve));

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
      offset = Math.min(start + partSize, source.size);
      if (!landed.has(number)) return { number, bytes: await whole(start, offset) };
      for (let at = start; at < offset; at += PIECE_BYTES)
        hash.update(await source.read(at, Math.min(PIECE_BYTES, offset - at)));
      onSkipped(offset - start);
    }
    return undefined;
  }

  /** Read at a stroke: to join it of pieces would cost as much as its hash does. */
  async function whole(start: number, end: number): Promise<Part['bytes']> {
    const bytes = (await source.read(start, end - start)) as Part['bytes'];
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (at > 0) await breath();
      hash.update(bytes.subarray(at, at + PIECE_BYTES));
    }
    return bytes;
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
