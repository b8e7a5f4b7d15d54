/** Typed arrays want their first byte at a multiple of their width; bytes that start elsewhere are copied. (`slice` of a Buffer would not copy.) */
export function aligned(bytes: Uint8Array, width: number): [ArrayBufferLike, number, number] {
  const there = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return [there.buffer, there.byteOffset, Math.floor(there.length / width)];
}
