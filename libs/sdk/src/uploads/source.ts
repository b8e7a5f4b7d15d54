import type { ByteSource } from '@arena/onnx';

/** The same that models are inspected from: `read(offset, length)` gives exactly `length` bytes. */
export { bytesSource, type ByteSource } from '@arena/onnx';

/** A `File` that somebody chose in the browser, or any other Blob. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});
