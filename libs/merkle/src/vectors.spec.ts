// The same file as the contracts' tests read, written by OpenZeppelin's own library.
import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Leaf, leafHash, proves, treeOf } from './index.js';

interface Claim {
  account: string;
  cumulative: string;
  proof: string[];
}
interface Vectors {
  rule: { accountFactor: string; cumulativeFactor: string };
  trees: { size: number; root: string; total: string; proofs: (Claim & { index: number; leaf: string })[] }[];
  tampered: { root: string; claims: (Claim & { what: string })[] };
}
const path = new URL('../../../contracts/vectors.json', import.meta.url);
const { rule, trees, tampered } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

const leafAt = (i: bigint): Leaf => ({
  account: `0x${(((i + 1n) * BigInt(rule.accountFactor)) % 2n ** 160n).toString(16).padStart(40, '0')}`,
  cumulative: ((i + 1n) * BigInt(rule.cumulativeFactor)) % 2n ** 64n,
});
const leafOf = ({ account, cumulative }: Claim): Leaf => ({ account, cumulative: BigInt(cumulative) });

describe('a tree', () => {
  for (const { size, root, proofs } of trees)
    it(`of ${size} has the root and the proofs of the shared vectors`, () => {
      const tree = treeOf(Array.from({ length: size }, (_, i) => leafAt(BigInt(i))));
      expect(tree.root).toBe(root);
      for (const claim of proofs) {
        expect(`0x${bytesToHex(leafHash(leafOf(claim)))}`).toBe(claim.leaf);
        expect(tree.proofOf(claim.index)).toEqual(claim.proof);
        expect(proves(root, leafOf(claim), claim.proof)).toBe(true);
      }
    });

  it('proves each of its leaves, and does not depend on their order', () => {
    const leaf = fc.record({
      account: fc.bigInt(0n, 2n ** 160n - 1n).map(n => `0x${n.toString(16).padStart(40, '0')}`),
      cumulative: fc.bigInt(0n, 2n ** 256n - 1n),
    });
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 40 }), leaves => {
        const tree = treeOf(leaves);
        for (const [i, each] of leaves.entries()) expect(proves(tree.root, each, tree.proofOf(i))).toBe(true);
        expect(treeOf([...leaves].reverse()).root).toBe(tree.root);
      }),
    );
  });

  it('has at least one leaf, and no leaf beyond its last', () => {
    expect(() => treeOf([])).toThrow(RangeError);
    expect(() => treeOf([leafAt(0n)]).proofOf(1)).toThrow(RangeError);
  });
});

describe('a claim that was tampered with', () => {
  for (const claim of tampered.claims)
    it(`does not pass: ${claim.what}`, () => {
      expect(proves(tampered.root, leafOf(claim), claim.proof)).toBe(false);
    });

  it('does not even make a leaf when it is no account or no amount', () => {
    expect(() => leafHash({ account: '0x12', cumulative: 1n })).toThrow(TypeError);
    for (const cumulative of [-1n, 2n ** 256n])
      expect(() => leafHash({ account: leafAt(0n).account, cumulative })).toThrow(RangeError);
  });
});
