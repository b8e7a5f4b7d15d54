// A .npz as numpy writes it: a zip without compression, each member an array with numpy's own header (format 1.0).
// All times are zip's first day, so that equal arrays make equal bytes.
import { crc32 } from 'node:zlib';

export interface Column {
  shape: readonly number[];
  values: Float32Array | BigInt64Array;
}

const ZIP_EPOCH = 0x0021;

export function npz(columns: Readonly<Record<string, Column>>): Uint8Array {
  const members: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, column] of Object.entries(columns)) {
    const file = Buffer.from(`${name}.npy`, 'ascii');
    const data = npy(column);
    const entry = entryFields(file.length, data);
    const local = Buffer.concat([u32(0x04034b50), u16(20), entry, u16(0), file, data]);
    members.push(local);
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), u16(20), entry, u16(0, 0, 0, 0), u32(0), u32(offset), file]),
    );
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length;
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, count, count), u32(central.length, offset), u16(0)]);
  return Buffer.concat([...members, central, end]);
}

/** Flags, method, time, date, checksum, both sizes and the length of the name: the same in both places of a zip. */
const entryFields = (nameLength: number, data: Buffer): Buffer =>
  Buffer.concat([u16(0, 0, 0, ZIP_EPOCH), u32(crc32(data), data.length, data.length), u16(nameLength)]);

function npy({ shape, values }: Column): Buffer {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== values.length) throw new RangeError(`A shape of ${size} values for ${values.length}`);
  const type = values instanceof Float32Array ? '<f4' : '<i8';
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const PREFIX = 10;
  const header = `${text.padEnd(Math.ceil((PREFIX + text.length + 1) / 64) * 64 - PREFIX - 1)}\n`;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), u16(header.length), Buffer.from(header), bytes]);
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeUInt16LE(value, i * 2));
  return bytes;
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4));
  return bytes;
}
