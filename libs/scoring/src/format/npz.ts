import { elements, productOf } from '../elements.js';
import { DataError, shown } from '../error.js';
import type { ByteSource } from '../source.js';
import type { ByteStream } from './byte-stream.js';
import { parseNpyHeader } from './npy-header.js';
import { arrayName, type StoredArray } from './stored-array.js';
import { readZip, type Member } from './zip.js';

const MOST_HEADER_BYTES = 64 * 1024;

/** The bytes before the elements: magic, version, length, header. */
async function readHeader(stream: ByteStream, { name, size }: Member): Promise<{ text: string; length: number }> {
  const where = shown(name);
  if (size < 12) throw new DataError('data/npy-header', `${where} is too short`);
  const start = new Uint8Array(12);
  await stream.fill(start.subarray(0, 10));
  if (String.fromCharCode(...start.subarray(0, 6)) !== '\x93NUMPY')
    throw new DataError('data/npy-header', `${where} is no .npy`);
  const version = start[6];
  if (!version || version > 3 || start[7] !== 0) throw new DataError('data/npy-version', where);
  const view = new DataView(start.buffer);
  if (version > 1) await stream.fill(start.subarray(10));
  const bytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const before = version === 1 ? 10 : 12;
  if (bytes > MOST_HEADER_BYTES) throw new DataError('data/header-too-large', where);
  if (before + bytes > size) throw new DataError('data/npy-header', `${where} is cut off`);
  const header = new Uint8Array(bytes);
  await stream.fill(header);
  return { text: Array.from(header, byte => String.fromCharCode(byte)).join(''), length: before + bytes };
}

async function arrayOf(member: Member): Promise<StoredArray> {
  const name = member.name.replace(/\.npy$/, '');
  if (name === member.name || !arrayName.test(name)) throw new DataError('data/array-name', shown(member.name));
  const stream = member.open();
  try {
    const { text, length } = await readHeader(stream, member);
    const header = parseNpyHeader(text, shown(name));
    const bytes = productOf(header.shape) * elements[header.type].bytes;
    if (bytes !== member.size - length) throw new DataError('data/size', shown(name));
    return {
      name,
      ...header,
      open: async () => {
        const again = member.open();
        await again.fill(new Uint8Array(length));
        return again;
      },
    };
  } finally {
    await stream.close();
  }
}

export async function readNpz(source: ByteSource): Promise<StoredArray[]> {
  const arrays: StoredArray[] = [];
  for (const member of await readZip(source)) arrays.push(await arrayOf(member));
  return arrays;
}
