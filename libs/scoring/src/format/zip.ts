// The directory of a zip archive, and its members as checked streams. A file that two readers could read differently is
// refused: the archive is members, directory and end, from the first byte to the last, and nothing else.
import { DataError, shown } from '../error.js';
import { readExactly, type ByteSource } from '../source.js';
import { ByteStream, chunksOf } from './byte-stream.js';
import { crc32 } from './crc32.js';
import { inflate } from './inflate.js';
import { readDirectory, type Entry } from './zip-directory.js';

/** No deflate stream grows by more; zlib's own documents say so. */
const MOST_GROWTH = 1032;

export interface Member {
  name: string;
  size: number;
  open(): ByteStream;
}

/** Lets through `size` bytes with that checksum, or throws. */
async function* checked(chunks: AsyncGenerator<Uint8Array>, { name, size, crc }: Entry): AsyncGenerator<Uint8Array> {
  let seen = 0;
  let sum = 0;
  try {
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > size) break;
      sum = crc32(sum, chunk);
      yield chunk;
    }
  } finally {
    await chunks.return(undefined);
  }
  if (seen !== size) throw new DataError('data/member-size', shown(name));
  if (sum !== crc) throw new DataError('data/checksum', shown(name));
}

/** Where the bytes of a member begin, by its own header, which must say what the directory says. */
async function dataOffset(source: ByteSource, entry: Entry, end: number): Promise<number> {
  const refuse = (): never => {
    throw new DataError('data/zip-layout', `the header of ${shown(entry.name)}`);
  };
  if (entry.offset + 30 > end) refuse();
  const header = await readExactly(source, entry.offset, 30);
  const view = new DataView(header.buffer, header.byteOffset, 30);
  const nameLength = view.getUint16(26, true);
  const offset = entry.offset + 30 + nameLength + view.getUint16(28, true);
  if (view.getUint32(0, true) !== 0x04034b50 || offset > end) refuse();
  if (view.getUint16(6, true) !== entry.flags || view.getUint16(8, true) !== entry.method) refuse();
  const name = String.fromCharCode(...(await readExactly(source, entry.offset + 30, nameLength)));
  if (name !== entry.name) refuse();
  // With this flag the sizes follow the data; 0xffffffff refers to the header's own zip64 field.
  const said = (at: number, value: number): boolean => [value, 0xffffffff].includes(view.getUint32(at, true));
  const sizesFollow = (entry.flags & 8) !== 0;
  if (!sizesFollow && !(view.getUint32(14, true) === entry.crc && said(18, entry.packed) && said(22, entry.size)))
    refuse();
  return offset;
}

export async function readZip(source: ByteSource): Promise<Member[]> {
  const { entries, end } = await readDirectory(source);
  const members: Member[] = [];
  const names = new Set<string>();
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const { name, size, packed, method } = entry;
    if (names.has(name)) throw new DataError('data/duplicate-array', shown(name));
    names.add(name);
    if (entry.offset < free) throw new DataError('data/overlap', shown(name));
    if (free === 0 && entry.offset > 0)
      throw new DataError('data/zip-layout', 'something lies before the first member');
    const offset = await dataOffset(source, entry, end);
    free = offset + packed;
    if (free > end) throw new DataError('data/zip-layout', `${shown(name)} is longer than the archive`);
    if (method === 0 && packed !== size) throw new DataError('data/member-size', shown(name));
    if (size > packed * MOST_GROWTH) throw new DataError('data/zip-bomb', shown(name));
    members.push({
      name,
      size,
      open: () => {
        const raw = chunksOf(source, offset, packed);
        return new ByteStream(checked(method === 0 ? raw : inflate(raw, shown(name)), entry));
      },
    });
  }
  return members;
}
