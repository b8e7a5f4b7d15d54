import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './files.js';
import type { Segment } from './records.js';

const readSize = 256 * 1024;

export interface Written extends Segment {
  /** MD5 in hex, which S3 calls the ETag. */
  readonly etag: string;
}

/**
 * Data files with random names, never changed once written. Nothing points at one until a record
 * does, so what a crash leaves half written is unreferenced, and the next start removes it.
 */
export class Blobs {
  /** Readers per file: a file that is replaced while it is read goes when its last reader has finished. */
  private readonly readers = new Map<string, number>();
  private readonly doomed = new Set<string>();

  constructor(private readonly folder: string) {}

  /** On disk for good when it returns; `accept` may still refuse what has been written. */
  async write(chunks: AsyncIterable<Buffer>, accept: (written: Written) => void = () => {}): Promise<Written> {
    const id = randomUUID();
    const path = join(this.folder, id);
    const md5 = createHash('md5');
    let size = 0;
    const handle = await open(path, 'wx');
    try {
      try {
        for await (const chunk of chunks) {
          const writing = handle.writeFile(chunk);
          md5.update(chunk);
          size += chunk.length;
          await writing;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      const written = { id, size, etag: md5.digest('hex') };
      accept(written);
      await syncFolder(this.folder);
      return written;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** The bytes from `start` to `end`, both included, of the segments laid end to end. */
  async *read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    const wanted: { id: string; from: number; to: number }[] = [];
    let offset = 0;
    for (const { id, size } of segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size - 1);
      if (from <= to) wanted.push({ id, from, to });
      offset += size;
    }
    for (const { id, from, to } of wanted) {
      const handle = await open(join(this.folder, id), 'r');
      try {
        for (let at = from; at <= to;) {
          const buffer = Buffer.allocUnsafe(Math.min(readSize, to - at + 1));
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
          if (bytesRead === 0) throw new Error(`the data file ${id} is shorter than its record says`);
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await handle.close();
      }
    }
  }

  /** Keeps the files of an object that may be replaced meanwhile. Call the result when done. */
  hold(segments: readonly Segment[]): () => Promise<void> {
    for (const { id } of segments) this.readers.set(id, (this.readers.get(id) ?? 0) + 1);
    return async () => {
      const free: Segment[] = [];
      for (const segment of segments) {
        const left = (this.readers.get(segment.id) ?? 1) - 1;
        if (left > 0) this.readers.set(segment.id, left);
        else {
          this.readers.delete(segment.id);
          if (this.doomed.delete(segment.id)) free.push(segment);
        }
      }
      await this.remove(free);
    };
  }

  /** Best effort: what cannot be removed now is unreferenced, and goes at the next start. */
  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { id } of segments) {
      if (this.readers.has(id)) this.doomed.add(id);
      else await rm(join(this.folder, id), { force: true }).catch(() => {});
    }
  }

  async keepOnly(referenced: ReadonlySet<string>): Promise<void> {
    for (const id of await readdir(this.folder)) {
      if (!referenced.has(id)) await rm(join(this.folder, id), { force: true });
    }
  }
}
