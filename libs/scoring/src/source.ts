/** Bytes that can be read from anywhere in them, and again: they must not change between two reads. As `@arena/onnx` has it. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Note that it is a length, not an end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A source that gives less than it was asked for would shift every row after it, so this is never let pass. */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new RangeError(`the source gave ${bytes.length} bytes of ${length} at ${offset}`);
}
