import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface Digest {
  update(chunk: Buffer): void;
  base64(): string;
}

const hash = (algorithm: 'sha1' | 'sha256') => (): Digest => {
  const state = createHash(algorithm);
  return { update: chunk => void state.update(chunk), base64: () => state.digest('base64') };
};

const crc = (next: (chunk: Buffer, value: number) => number) => (): Digest => {
  let value = 0;
  return {
    update: chunk => {
      value = next(chunk, value);
    },
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes.toString('base64');
    },
  };
};

// Castagnoli's polynomial, reflected.
const castagnoli = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(chunk: Buffer, before: number): number {
  let value = ~before;
  for (const byte of chunk) value = (value >>> 8) ^ (castagnoli[(value ^ byte) & 255] as number);
  return ~value >>> 0;
}

/** By the ending of `x-amz-checksum-…`. */
export const checksums = {
  crc32: crc((chunk, value) => crc32(chunk, value)),
  crc32c: crc(crc32c),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
} as const satisfies Record<string, () => Digest>;

export type ChecksumName = keyof typeof checksums;

export const checksumNames = Object.keys(checksums) as ChecksumName[];

export const checksumHeader = (name: ChecksumName) => `x-amz-checksum-${name}`;

/** The element in which S3's XML carries it, `ChecksumCRC32C`. */
export const checksumElement = (name: ChecksumName) => `Checksum${name.toUpperCase()}`;
