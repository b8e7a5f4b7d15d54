// The tree of cumulative payouts, in the format of OpenZeppelin's StandardMerkleTree over ['address', 'uint256'].
import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';

/** All that an account has ever earned. */
export interface Leaf {
  readonly account: string;
  readonly cumulative: bigint;
}

export const toHex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;
export const fromHex = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

const MAX = 2n ** 256n;

/** Hashed twice, so that no inner node (64 bytes hashed once) can pass for a leaf. */
export function leafHash({ account, cumulative }: Leaf): Uint8Array {
  if (!/^0x[0-9a-fA-F]{40}$/.test(account)) throw new TypeError(`${account.slice(0, 60)} is not an address`);
  if (cumulative < 0n || cumulative >= MAX) throw new RangeError('the amount does not fit a word');
  const words = account.slice(2).toLowerCase().padStart(64, '0') + cumulative.toString(16).padStart(64, '0');
  return keccak_256(keccak_256(hexToBytes(words)));
}

/** In the order of their values: a proof then needs no left and right. */
export function pairHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(64);
  const inOrder = compare(a, b) <= 0;
  both.set(inOrder ? a : b);
  both.set(inOrder ? b : a, 32);
  return keccak_256(both);
}

export function compare(a: Uint8Array, b: Uint8Array): number {
  for (const [i, byte] of a.entries()) {
    const other = b[i] ?? 0;
    if (byte !== other) return byte - other;
  }
  return 0;
}

/** Whether the leaf stands in the tree of this root. */
export function proves(root: string, leaf: Leaf, proof: readonly string[]): boolean {
  const top = proof.map(fromHex).reduce(pairHash, leafHash(leaf));
  return toHex(top) === root.toLowerCase();
}
