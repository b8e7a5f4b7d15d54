import { expect, it } from 'vitest';
import { crc32 } from './crc32.js';

const bytes = Uint8Array.from({ length: 1_000 }, (_, at) => (at * at + 7) & 255);

// By Python's zlib.crc32: of nothing, of b'123456789' (the check value of every catalogue), of the bytes above.
it.each([
  ['nothing', new Uint8Array(0), 0],
  ['the check string', new TextEncoder().encode('123456789'), 0xcbf43926],
  ['a thousand bytes', bytes, 0x78476442],
])('is that of zlib for %s', (_, data, expected) => {
  expect(crc32(0, data)).toBe(expected);
});

it('continues where it was', () => {
  for (const cut of [0, 1, 7, 8, 9, 500, 999]) {
    expect(crc32(crc32(0, bytes.subarray(0, cut)), bytes.subarray(cut))).toBe(crc32(0, bytes));
  }
});
