import { compare, type Leaf, leafHash, pairHash, toHex } from './leaf.js';

export interface Tree {
  readonly root: string;
  /** Of the leaf that was given in this place. */
  proofOf(index: number): string[];
}

/** A heap in one buffer: the root first, children of i at 2i + 1 and 2i + 2, the sorted leaves last, in reverse. */
export function treeOf(leaves: readonly Leaf[]): Tree {
  const count = leaves.length;
  if (count === 0) throw new RangeError('a tree has at least one leaf');
  const heap = new Uint8Array((2 * count - 1) * 32);
  const node = (i: number) => heap.subarray(i * 32, i * 32 + 32);

  const hashed = leaves.map((leaf, index) => ({ hash: leafHash(leaf), index }));
  hashed.sort((a, b) => compare(a.hash, b.hash));
  const places = new Uint32Array(count);
  for (const [i, { hash, index }] of hashed.entries()) {
    const place = 2 * count - 2 - i;
    places[index] = place;
    node(place).set(hash);
  }
  for (let i = count - 2; i >= 0; i--) node(i).set(pairHash(node(2 * i + 1), node(2 * i + 2)));

  return {
    root: toHex(node(0)),
    proofOf(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`there is no leaf ${index}`);
      const proof: string[] = [];
      for (let i = places[index] ?? 0; i > 0; i = (i - 1) >> 1) proof.push(toHex(node(i % 2 === 1 ? i + 1 : i - 1)));
      return proof;
    },
  };
}
