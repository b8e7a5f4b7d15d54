// Reads a message by its table, with a stack of its own: a file can nest as deep as it likes without costing ours.
// Weights are never read here, only passed over; what is kept is counted, so a file cannot make us keep too much.
import { OnnxError, type Findings } from '../error.js';
import type { ByteSource } from '../source.js';
import { Cursor } from './cursor.js';
import { BYTES, FIXED32, FIXED64, VARINT, type Field, type Fields } from './field.js';

export interface Caps {
  /** Messages, names and numbers that are kept. */
  items: number;
  /** Bytes of names and attributes that are kept. */
  bytes: number;
}

/** Sixteen subgraphs, three messages each, and what a tensor or type adds. */
const MAX_NESTING = 64;
const MAX_TAG_AND_LENGTH = 20;
/** Fields, kept or passed over, for each item that may be kept: models have one or two. */
const FIELDS_PER_ITEM = 4;

interface Frame {
  fields: Fields;
  target: unknown;
  end: number;
  path: string;
}

export async function readMessage(
  source: ByteSource,
  fields: Fields,
  target: unknown,
  findings: Findings,
  caps: Caps,
): Promise<void> {
  const reader = new Reader(source, findings, caps);
  await reader.read({ fields, target, end: source.size, path: '' });
}

class Reader {
  readonly #cursor: Cursor;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #stack: Frame[] = [];
  #items = 0;
  #bytes = 0;
  #fields = 0;

  constructor(
    source: ByteSource,
    readonly findings: Findings,
    readonly caps: Caps,
  ) {
    this.#cursor = new Cursor(source);
  }

  async read(root: Frame): Promise<void> {
    this.#stack.push(root);
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1))
      if (this.#cursor.at === frame.end) this.#stack.pop();
      else await this.#field(frame);
  }

  async #field(frame: Frame): Promise<void> {
    const cursor = this.#cursor;
    if (!cursor.holds(MAX_TAG_AND_LENGTH)) await cursor.load(MAX_TAG_AND_LENGTH);
    const start = cursor.at;
    this.#fields += 1;
    if (this.#fields > FIELDS_PER_ITEM * this.caps.items) throw this.#tooMuch();
    cursor.varint(frame.end);
    const number = cursor.low >>> 3;
    const wire = cursor.low & 7;
    if (cursor.high !== 0 || number === 0)
      throw new OnnxError('onnx/wire-type', frame.path, `no field at byte ${start}`);
    if (wire !== VARINT && wire !== FIXED64 && wire !== BYTES && wire !== FIXED32)
      throw new OnnxError('onnx/wire-type', frame.path, `wire type ${wire} at byte ${start}`);

    const field = frame.fields[number];
    const known = field && accepts(field, wire);
    if (field && !known)
      throw new OnnxError('onnx/wire-type', frame.path, `field ${number} with wire type ${wire} at byte ${start}`);
    if (!field) this.findings.add('onnx/unknown-field', frame.path, `field ${number} at byte ${start}`);

    if (wire === VARINT) {
      const from = cursor.at;
      cursor.varint(frame.end);
      if (field) this.#number(field, frame, number, from);
      return;
    }
    const length = wire === BYTES ? this.#length(frame) : wire === FIXED32 ? 4 : 8;
    if (length > frame.end - cursor.at) throw cursor.cutAt(frame.end);
    if (field) await this.#content(field, frame, number, wire, length);
    else cursor.at += length;
  }

  #length(frame: Frame): number {
    this.#cursor.varint(frame.end);
    return this.#cursor.high * 2 ** 32 + this.#cursor.low;
  }

  #number(field: Field, frame: Frame, number: number, from: number): void {
    const cursor = this.#cursor;
    if (field.kind === 'int') {
      this.#keep(0);
      field.set(frame.target, int64(cursor));
    } else if (field.kind === 'data') {
      this.#keep(0);
      field.set(frame.target, { field: number, offset: from, length: cursor.at - from });
    }
  }

  async #content(field: Field, frame: Frame, number: number, wire: number, length: number): Promise<void> {
    const cursor = this.#cursor;
    const end = cursor.at + length;
    switch (field.kind) {
      case 'message':
        this.#open(field, frame, end);
        return;
      case 'text':
        this.#keep(length);
        if (!cursor.holds(length)) await cursor.load(length);
        field.set(frame.target, this.#text(cursor.bytes(length), frame));
        return;
      case 'blob':
        this.#keep(length);
        if (!cursor.holds(length)) await cursor.load(length);
        field.set(frame.target, cursor.bytes(length));
        return;
      case 'int':
      case 'float':
        await this.#packed(field, frame, end);
        return;
      case 'data':
        this.#keep(0);
        if (wire === BYTES && field.wire !== VARINT && length % (field.wire === FIXED32 ? 4 : 8) !== 0)
          throw new OnnxError('onnx/length', frame.path, `half an element at byte ${end}`);
        field.set(frame.target, { field: number, offset: cursor.at, length });
        break;
      case 'span':
        field.set(frame.target, { offset: cursor.at, length });
        break;
      case 'skip':
        field.seen?.(frame.target);
        break;
      case 'refuse':
        if (length > 0 || !field.unlessEmpty) this.findings.add(field.code, frame.path, field.detail);
        break;
    }
    cursor.at = end;
  }

  #open(field: Extract<Field, { kind: 'message' }>, frame: Frame, end: number): void {
    if (this.#stack.length >= MAX_NESTING)
      throw new OnnxError('onnx/too-deep', '', `more than ${MAX_NESTING} messages deep`);
    this.#keep(0);
    const { child, index } = field.open(frame.target);
    const path = `${frame.path}/${field.name}${index === undefined ? '' : `/${index}`}`;
    this.#stack.push({ fields: field.fields(), target: child, end, path });
  }

  async #packed(field: Extract<Field, { kind: 'int' | 'float' }>, frame: Frame, end: number): Promise<void> {
    const cursor = this.#cursor;
    while (cursor.at < end) {
      this.#keep(0);
      if (!cursor.holds(MAX_TAG_AND_LENGTH)) await cursor.load(MAX_TAG_AND_LENGTH);
      if (field.kind === 'int') {
        cursor.varint(end);
        field.set(frame.target, int64(cursor));
      } else if (end - cursor.at < 4) throw new OnnxError('onnx/length', frame.path, `half a number at byte ${end}`);
      else field.set(frame.target, cursor.fixed32());
    }
  }

  #text(bytes: Uint8Array, frame: Frame): string {
    try {
      return this.#utf8.decode(bytes);
    } catch {
      this.findings.add('onnx/utf8', frame.path, `a name of ${bytes.length} bytes before byte ${this.#cursor.at}`);
      return '';
    }
  }

  #keep(bytes: number): void {
    this.#items += 1;
    this.#bytes += bytes;
    if (this.#items > this.caps.items || this.#bytes > this.caps.bytes) throw this.#tooMuch();
  }

  #tooMuch(): OnnxError {
    const { items, bytes } = this.caps;
    return new OnnxError('onnx/too-much-structure', '', `more than ${items} items or ${bytes} bytes of them`);
  }
}

const int64 = ({ low, high }: Cursor): bigint =>
  high === 0 ? BigInt(low) : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));

function accepts(field: Field, wire: number): boolean {
  switch (field.kind) {
    case 'int':
      return wire === VARINT || (field.repeated && wire === BYTES);
    case 'float':
      return wire === FIXED32 || (field.repeated && wire === BYTES);
    case 'data':
      return wire === field.wire || wire === BYTES;
    case 'skip':
      return wire === field.wire;
    default:
      return wire === BYTES;
  }
}
