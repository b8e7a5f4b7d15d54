import { DataError, shown } from '../error.js';
import { readExactly, type ByteSource } from '../source.js';

export interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** Of the member's own header. */
  offset: number;
}

interface Ending {
  count: number;
  offset: number;
  size: number;
  /** The first byte that the directory may not have. */
  end: number;
}

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const MOST_ENTRIES = 200;
const MOST_DIRECTORY_BYTES = 64 * 1024;
const ENCRYPTED = 0x2041;
/** Hints for the packer, sizes after the data, names in UTF-8. */
const KNOWN_FLAGS = 0x080e;

const layout = (detail: string): DataError => new DataError('data/zip-layout', detail);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function wide(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > Number.MAX_SAFE_INTEGER) throw layout('a size of more than 53 bits');
  return Number(value);
}

async function ending64(source: ByteSource, ends: number): Promise<Ending> {
  const at = ends - LOCATOR_BYTES - END64_BYTES;
  if (at < 0) throw layout('no zip64 end');
  const view = viewOf(await readExactly(source, at, END64_BYTES + LOCATOR_BYTES));
  const isEnd = view.getUint32(0, true) === 0x06064b50 && wide(view, 4) === END64_BYTES - 12;
  const isLocator = view.getUint32(56, true) === 0x07064b50 && wide(view, 64) === at;
  if (!isEnd || !isLocator) throw layout('no zip64 end');
  const disks = [view.getUint32(16, true), view.getUint32(20, true), view.getUint32(60, true)];
  const count = wide(view, 24);
  if (disks.some(disk => disk !== 0) || view.getUint32(72, true) !== 1 || count !== wide(view, 32))
    throw layout('more than one disk');
  return { count, size: wide(view, 40), offset: wide(view, 48), end: at };
}

async function endingOf(source: ByteSource): Promise<Ending> {
  if (source.size === 0) throw new DataError('data/empty', 'no bytes');
  if (source.size < END_BYTES) throw new DataError('data/not-npz', 'it is too short');
  const magic = viewOf(await readExactly(source, 0, 4)).getUint32(0, true);
  if (magic !== 0x04034b50 && magic !== 0x06054b50) throw new DataError('data/not-npz', 'it begins as no archive does');
  const ends = source.size - END_BYTES;
  const view = viewOf(await readExactly(source, ends, END_BYTES));
  if (view.getUint32(0, true) !== 0x06054b50 || view.getUint16(20, true) !== 0)
    throw layout('it does not end with its directory: it was cut off, or something follows');
  if (view.getUint16(4, true) !== 0 || view.getUint16(6, true) !== 0) throw layout('more than one disk');
  const [here, count] = [view.getUint16(8, true), view.getUint16(10, true)];
  const [size, offset] = [view.getUint32(12, true), view.getUint32(16, true)];
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) return ending64(source, ends);
  if (here !== count) throw layout('more than one disk');
  return { count, size, offset, end: ends };
}

/** The numbers that did not fit into 32 bits, in the order in which they were left out. */
function widened(extra: Uint8Array, values: readonly number[]): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) break;
    if (view.getUint16(at, true) === 1) {
      let next = at + 4;
      return values.map(value => {
        if (value !== 0xffffffff) return value;
        if (next + 8 > at + 4 + length) throw layout('a zip64 field is too short');
        next += 8;
        return wide(view, next - 8);
      });
    }
    at += 4 + length;
  }
  if (values.includes(0xffffffff)) throw layout('a zip64 field is missing');
  return [...values];
}

function entryAt(bytes: Uint8Array, at: number): { entry: Entry; next: number } {
  const cut = layout('the directory is cut off');
  if (at + 46 > bytes.length) throw cut;
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== 0x02014b50) throw layout('a line of the directory is damaged');
  const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const extraAt = at + 46 + nameLength;
  const next = extraAt + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) throw cut;
  const name = String.fromCharCode(...bytes.subarray(at + 46, extraAt));
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & ENCRYPTED) throw new DataError('data/encrypted', shown(name));
  if (flags & ~KNOWN_FLAGS || (method !== 0 && method !== 8)) throw new DataError('data/compression', shown(name));
  if (view.getUint16(at + 34, true) !== 0) throw layout('more than one disk');
  const [size, packed, offset] = widened(bytes.subarray(extraAt, extraAt + extraLength), [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]) as [number, number, number];
  return { entry: { name, flags, method, crc: view.getUint32(at + 16, true), packed, size, offset }, next };
}

/** The members by the directory, and where they must have ended. */
export async function readDirectory(source: ByteSource): Promise<{ entries: Entry[]; end: number }> {
  const { count, offset, size, end } = await endingOf(source);
  if (count > MOST_ENTRIES) throw new DataError('data/too-many-arrays', `${count} members`);
  if (size > MOST_DIRECTORY_BYTES) throw new DataError('data/header-too-large', `a directory of ${size} bytes`);
  if (offset + size !== end) throw layout('the directory is not where it should be');
  const bytes = await readExactly(source, offset, size);
  const entries: Entry[] = [];
  let at = 0;
  while (entries.length < count) {
    const { entry, next } = entryAt(bytes, at);
    entries.push(entry);
    at = next;
  }
  if (at !== size) throw layout('the directory has more lines than it says');
  return { entries, end: offset };
}
