// CRC-32 as zip has it, eight bytes at a time: what a byte does to the checksum when 0 to 7 bytes follow it.
const STEPS = 8;
const table = new Int32Array(STEPS * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  table[byte] = crc;
}
for (let at = 256; at < STEPS * 256; at += 1) {
  const before = table[at - 256] as number;
  table[at] = (before >>> 8) ^ (table[before & 255] as number);
}

/** Continues from the checksum of what came before; begin with 0. */
export function crc32(before: number, bytes: Uint8Array): number {
  const inSteps = bytes.length - (bytes.length % STEPS);
  let crc = ~before;
  let at = 0;
  for (; at < inSteps; at += STEPS) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    crc =
      (table[1792 + (crc & 255)] as number) ^
      (table[1536 + ((crc >>> 8) & 255)] as number) ^
      (table[1280 + ((crc >>> 16) & 255)] as number) ^
      (table[1024 + (crc >>> 24)] as number) ^
      (table[768 + (bytes[at + 4] as number)] as number) ^
      (table[512 + (bytes[at + 5] as number)] as number) ^
      (table[256 + (bytes[at + 6] as number)] as number) ^
      (table[bytes[at + 7] as number] as number);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}
