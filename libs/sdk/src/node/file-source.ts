import { open } from 'node:fs/promises';
import type { ByteSource } from '../uploads/source.js';

export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** A file on this machine. Close it when done. */
export async function fileSource(path: string): Promise<FileSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      for (let filled = 0; filled < length;) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}
