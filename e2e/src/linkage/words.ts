// Everything about a model's file but its weights, as words.
import { decode, type ProtoModel } from '@arena/onnx/fixture';

/** Elements of tensors are what the competition is about; how they are written down is not. */
const elements = new Set(['rawData', 'floatData', 'int32Data', 'int64Data', 'doubleData', 'uint64Data', 'stringData']);

export function wordsOf(file: Uint8Array): Set<string> {
  const words = new Set<string>([`size ${file.length}`]);
  // In the order in which the fields stand in the file, where there is one.
  collect(decode(file), 'model', words);
  words.add(`order ${fieldOrder(file)}`);
  return words;
}

function collect(value: unknown, path: string, words: Set<string>): void {
  if (Array.isArray(value)) {
    words.add(`${path} × ${value.length}`);
    for (const item of value) collect(item, path, words);
  } else if (value instanceof Uint8Array) {
    word(`${path} bytes`, Buffer.from(value).toString('latin1'), words);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value as ProtoModel)) {
      words.add(`${path}.${name}`);
      if (!elements.has(name)) collect(inner, `${path}.${name}`, words);
    }
  } else word(path, String(value), words);
}

/** As it is, its kind of characters, and how it begins: habits show in each. */
function word(path: string, text: string, words: Set<string>): void {
  const short = text.length > 60 ? `${text.slice(0, 60)}… ${text.length}` : text;
  words.add(`${path} = ${short}`);
  words.add(`${path} ~ ${short.replace(/[0-9]+/g, '#')}`);
  words.add(`${path} ^ ${short.slice(0, 3)}`);
}

/** The numbers of the outermost fields as they come, repeated ones once. */
function fieldOrder(file: Uint8Array): string {
  const order: number[] = [];
  for (let at = 0; at < file.length;) {
    const [tag, body] = varint(file, at);
    if (order.at(-1) !== tag >> 3) order.push(tag >> 3);
    const [value, next] = varint(file, body);
    at = (tag & 7) === 2 ? next + value : next;
  }
  return order.join(' ');
}

function varint(file: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7) {
    const byte = file[next++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, next];
  }
}
