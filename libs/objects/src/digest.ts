import { createHash } from 'node:crypto';

/** Reads to the end, holding one chunk at a time. */
export async function sha256Of(stream: AsyncIterable<Uint8Array | string>): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += Buffer.byteLength(chunk);
  }
  return { sha256: hash.digest('hex'), size };
}
