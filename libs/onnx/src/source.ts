/** Bytes that can be read from anywhere in them, and again: they must not change between two reads. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Note that it is a length, not an end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A model, and the one file that its external data may lie in. */
export interface ModelFiles {
  model: ByteSource;
  /** With a name, every tensor must give just this name as its location. */
  external?: { source: ByteSource; name?: string };
}

/** Some bytes of a source. */
export interface Span {
  offset: number;
  length: number;
}

export const CHUNK_BYTES = 1024 * 1024;

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A source that gives less than it was asked for would shift every offset after it, so this is never let pass. */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new RangeError(`the source gave ${bytes.length} bytes of ${length} at ${offset}`);
}

export async function* chunksOf(source: ByteSource, { offset, length }: Span): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += CHUNK_BYTES)
    yield await readExactly(source, offset + done, Math.min(CHUNK_BYTES, length - done));
}
