// Reads protobuf's primitives from a window that slides over a source. Waiting happens only in `load`; the rest is
// plain calls, because a model has hundreds of thousands of them.
import { OnnxError } from '../error.js';
import { readExactly, type ByteSource } from '../source.js';

const WINDOW_BYTES = 64 * 1024;

export class Cursor {
  at = 0;
  /** The last varint: its lower and upper 32 bits, unsigned. */
  low = 0;
  high = 0;
  #window: Uint8Array = new Uint8Array();
  #from = 0;

  constructor(readonly source: ByteSource) {}

  holds(length: number): boolean {
    const end = Math.min(this.at + length, this.source.size);
    return this.at >= this.#from && end <= this.#from + this.#window.length;
  }

  async load(length: number): Promise<void> {
    this.#window = await readExactly(
      this.source,
      this.at,
      Math.min(Math.max(length, WINDOW_BYTES), this.source.size - this.at),
    );
    this.#from = this.at;
  }

  /** Ten bytes at most, and the tenth has room for one bit. */
  varint(end: number): void {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index += 1) {
      if (this.at >= end) throw this.cutAt(end);
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * index - 32);
      if (byte >= 0x80) continue;
      if (index === 9 && byte > 1) break;
      this.low = low >>> 0;
      this.high = high >>> 0;
      return;
    }
    throw new OnnxError('onnx/varint', '', `at byte ${this.at}`);
  }

  fixed32(): number {
    return (this.#byte() | (this.#byte() << 8) | (this.#byte() << 16) | (this.#byte() << 24)) >>> 0;
  }

  /** A copy, so that the window can be let go of; `slice` of a Buffer would be none. */
  bytes(length: number): Uint8Array {
    const start = this.at - this.#from;
    this.at += length;
    return new Uint8Array(this.#window.subarray(start, start + length));
  }

  /** A message that ends too early was cut off with the file, or lies about its length. */
  cutAt(end: number): OnnxError {
    return new OnnxError(end >= this.source.size ? 'onnx/truncated' : 'onnx/length', '', `at byte ${this.at}`);
  }

  #byte(): number {
    const byte = this.#window[this.at - this.#from];
    if (byte === undefined) throw this.cutAt(this.source.size);
    this.at += 1;
    return byte;
  }
}
