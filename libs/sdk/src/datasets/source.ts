/** Bytes that can be read from anywhere in them, and again. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `start` up to but not with `end`: exactly as many, or it throws. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
});

/** A `File` that somebody chose in the browser, or any other Blob. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});
