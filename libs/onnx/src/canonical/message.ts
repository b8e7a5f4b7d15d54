// Our encoder: minimal varints, fields in the order they are written, and room for data that are not in memory.
import type { Layout } from '../layout.js';

/** The encoded form of a message: bytes at hand, and elements of tensors still to be read. */
export type Part = Uint8Array | Layout;

const utf8 = new TextEncoder();

export class Message {
  size = 0;
  readonly #parts: Part[] = [];
  #buffer = new Uint8Array(64);
  #used = 0;

  int(field: number, value: bigint | number): this {
    this.#tag(field, 0);
    return this.#varint(BigInt.asUintN(64, BigInt(value)));
  }

  float(field: number, bits: number): this {
    this.#tag(field, 5);
    return this.#append(Uint8Array.of(bits, bits >>> 8, bits >>> 16, bits >>> 24));
  }

  bytes(field: number, bytes: Uint8Array): this {
    return this.#header(field, bytes.length).#append(bytes);
  }

  text(field: number, text: string): this {
    return this.bytes(field, utf8.encode(text));
  }

  message(field: number, message: Message): this {
    this.#header(field, message.size);
    for (const part of message.parts()) this.#add(part);
    return this;
  }

  data(field: number, layout: Layout): this {
    this.#header(field, layout.bytes);
    this.#add(layout);
    return this;
  }

  parts(): readonly Part[] {
    this.#flush();
    return this.#parts;
  }

  #add(part: Part): void {
    if (part instanceof Uint8Array) this.#append(part);
    else {
      this.#flush();
      this.#parts.push(part);
      this.size += part.bytes;
    }
  }

  #header(field: number, length: number): this {
    this.#tag(field, 2);
    return this.#varint(BigInt(length));
  }

  #tag(field: number, wire: number): void {
    this.#varint(BigInt(field * 8 + wire));
  }

  #varint(value: bigint): this {
    let rest = value;
    if (rest < 0x80n) {
      this.#reserve(1);
      this.#buffer[this.#used++] = Number(rest);
      this.size += 1;
      return this;
    }
    const bytes: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    return this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
    this.size += bytes.length;
    return this;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#used + length));
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }

  #flush(): void {
    if (this.#used === 0) return;
    this.#parts.push(this.#buffer.slice(0, this.#used));
    this.#used = 0;
  }
}
