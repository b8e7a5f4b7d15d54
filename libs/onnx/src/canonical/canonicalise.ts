// The canonical form as a stream. Chunks are only good until the next is asked for.
import { elementsOf } from '../data.js';
import type { Layout } from '../layout.js';
import type { ModelFiles } from '../source.js';
import type { SoundModel } from '../sound.js';

export interface Piece {
  bytes: Uint8Array;
  /** Whose elements these are; null for structure. */
  tensor: Layout | null;
}

const SMALL_BYTES = 64 * 1024;
const BUFFER_BYTES = 1024 * 1024;

export async function* canonicalPieces(files: ModelFiles, { parts }: SoundModel): AsyncGenerator<Piece> {
  for (const part of parts)
    if (part instanceof Uint8Array) yield { bytes: part, tensor: null };
    else for await (const bytes of elementsOf(files, part)) yield { bytes, tensor: part };
}

/** Gathers what is small, so that a model of ten thousand scalars is not ten thousand writes. */
export async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(BUFFER_BYTES);
  let used = 0;
  for await (const chunk of chunks) {
    const small = chunk.length <= SMALL_BYTES;
    if (used > 0 && (!small || used + chunk.length > BUFFER_BYTES)) {
      yield buffer.subarray(0, used);
      buffer = new Uint8Array(BUFFER_BYTES);
      used = 0;
    }
    if (small) {
      buffer.set(chunk, used);
      used += chunk.length;
    } else yield chunk;
  }
  if (used > 0) yield buffer.subarray(0, used);
}

async function* bytesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}

export const canonicalise = (files: ModelFiles, model: SoundModel): AsyncIterable<Uint8Array> =>
  gathered(bytesOf(canonicalPieces(files, model)));
