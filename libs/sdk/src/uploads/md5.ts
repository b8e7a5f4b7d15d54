// MD5, which Web Crypto lacks: object stores name a part by it, so that what has landed can be told from what has not.
// It proves nothing against an enemy; that is the SHA-256's part.
import type { NewHash } from './hash.js';

const SHIFTS = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const BLOCK = 64;

export const portableMd5: NewHash = () => {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const words = new Int32Array(16);
  const held = new Uint8Array(BLOCK);
  let length = 0;

  function digestBlock(bytes: Uint8Array, at: number): void {
    for (let i = 0; i < 16; i++) {
      const j = at + 4 * i;
      words[i] = byte(bytes, j) | (byte(bytes, j + 1) << 8) | (byte(bytes, j + 2) << 16) | (byte(bytes, j + 3) << 24);
    }
    addRounds(state, words);
  }

  function update(bytes: Uint8Array): void {
    let at = 0;
    const filled = length % BLOCK;
    length += bytes.length;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, bytes.length);
      held.set(bytes.subarray(0, at), filled);
      if (filled + at < BLOCK) return;
      digestBlock(held, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) digestBlock(bytes, at);
    held.set(bytes.subarray(at));
  }

  return {
    update,
    digest() {
      const bits = length * 8;
      const end = new Uint8Array(length % BLOCK < 56 ? 56 - (length % BLOCK) : 120 - (length % BLOCK));
      end[0] = 0x80;
      update(end);
      const size = new DataView(new ArrayBuffer(8));
      size.setUint32(0, bits % 2 ** 32, true);
      size.setUint32(4, Math.floor(bits / 2 ** 32), true);
      update(new Uint8Array(size.buffer));
      const out = new DataView(new ArrayBuffer(16));
      state.forEach((word, i) => out.setInt32(4 * i, word, true));
      return new Uint8Array(out.buffer);
    },
  };
};

const byte = (bytes: Uint8Array, at: number): number => bytes[at] as number;

/** Without a single allocation: this is where all the time goes. */
function addRounds(state: Int32Array, words: Int32Array): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let i = 0; i < 64; i++) {
    let mixed: number;
    let index: number;
    if (i < 16) {
      mixed = (b & c) | (~b & d);
      index = i;
    } else if (i < 32) {
      mixed = (d & b) | (~d & c);
      index = (5 * i + 1) & 15;
    } else if (i < 48) {
      mixed = b ^ c ^ d;
      index = (3 * i + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      index = (7 * i) & 15;
    }
    const sum = (a + mixed + (SINES[i] as number) + (words[index] as number)) | 0;
    const shift = SHIFTS[((i >> 4) << 2) | (i & 3)] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
}
