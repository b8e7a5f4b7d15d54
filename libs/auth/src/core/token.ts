// The text of a credential: arena_<prefix>_<random><checksum>.
//   prefix    10 characters, public: what lists and logs show of a key
//   random    32 characters of base 62, about 190 bits
//   checksum  6 characters, CRC-32 of all before it: a truncated or mistyped key is told apart from an unknown one
//             without a look into the database
export const TOKEN_BYTES = 42;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^arena_([0-9A-Za-z]{10})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** `bytes` are drawn at random by the caller; those from 248 up would favour some letters and are left out. */
export function tokenFrom(bytes: Uint8Array): string | undefined {
  const letters = [...bytes].filter(byte => byte < 248).map(byte => ALPHABET[byte % 62]);
  if (letters.length < TOKEN_BYTES) return undefined;
  const body = `arena_${letters.slice(0, 10).join('')}_${letters.slice(10, TOKEN_BYTES).join('')}`;
  return body + checksum(body);
}

export function prefixOf(token: string): string | undefined {
  const [, prefix] = FORM.exec(token) ?? [];
  return prefix !== undefined && checksum(token.slice(0, -6)) === token.slice(-6) ? prefix : undefined;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let letters = '';
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) letters = (ALPHABET[rest % 62] ?? '') + letters;
  return letters;
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
