// Bytes of a file from front to back, whatever they came through, in pieces of the reader's choice.
import { readExactly, type ByteSource } from '../source.js';

const CHUNK_BYTES = 1024 * 1024;

export async function* chunksOf(source: ByteSource, offset: number, length: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += CHUNK_BYTES)
    yield await readExactly(source, offset + done, Math.min(CHUNK_BYTES, length - done));
}

export class ByteStream {
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** The chunks themselves refuse to end early: a stream never runs dry while something is owed. */
  constructor(readonly chunks: AsyncGenerator<Uint8Array>) {}

  async fill(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      if (this.#at === this.#chunk.length) {
        const next = await this.chunks.next();
        if (next.done) throw new RangeError('more was read than the array has');
        this.#chunk = next.value;
        this.#at = 0;
      }
      const length = Math.min(target.length - filled, this.#chunk.length - this.#at);
      target.set(this.#chunk.subarray(this.#at, this.#at + length), filled);
      filled += length;
      this.#at += length;
    }
  }

  /** Runs the chunks to their end, where their checks are. */
  async end(): Promise<void> {
    while (!(await this.chunks.next()).done);
  }

  async close(): Promise<void> {
    await this.chunks.return(undefined);
  }
}
