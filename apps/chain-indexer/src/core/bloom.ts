// Each log sets three bits in the bloom filter of its block for its address and for each topic. So a log whose bits are
// missing is not of this block, and a block whose filter equals the marks of the logs at hand has no others (but for
// those that leave the same marks, which their numbering tells).
import { keccak_256 } from '@noble/hashes/sha3';
import { hexToBytes } from '@noble/hashes/utils';
import type { Log } from './block.js';

/** Addresses and topics repeat a lot, and a hash is dear. */
const known = new Map<string, readonly number[]>();
const MOST_KNOWN = 50_000;

function bitsOf(word: string): readonly number[] {
  const remembered = known.get(word);
  if (remembered) return remembered;
  const digest = keccak_256(hexToBytes(word.slice(2)));
  const bits = [0, 2, 4].map(i => (((digest[i] ?? 0) << 8) | (digest[i + 1] ?? 0)) & 2047);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(word, bits);
  return bits;
}

const byteOf = (bit: number): number => 255 - (bit >> 3);

export const mayHold = (bloom: Uint8Array, word: string): boolean =>
  bitsOf(word).every(bit => ((bloom[byteOf(bit)] ?? 0) & (1 << (bit & 7))) !== 0);

type Marks = Pick<Log, 'address' | 'topics'>;

export const mayHoldLog = (bloom: Uint8Array, log: Marks): boolean =>
  mayHold(bloom, log.address) && log.topics.every(topic => mayHold(bloom, topic));

export function bloomOf(logs: readonly Marks[]): Uint8Array {
  const bloom = new Uint8Array(256);
  const mark = (word: string) => {
    for (const bit of bitsOf(word)) bloom[byteOf(bit)] = (bloom[byteOf(bit)] ?? 0) | (1 << (bit & 7));
  };
  for (const { address, topics } of logs) {
    mark(address);
    topics.forEach(mark);
  }
  return bloom;
}

export const sameBloom = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
