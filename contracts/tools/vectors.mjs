// Writes vectors.json: what the gm formula, the emission schedule and the Merkle trees must give, for the tests of the
// contracts and for those in TypeScript. Written from the formulas and from OpenZeppelin's tree, not from the contracts.
//   node tools/vectors.mjs           writes the file
//   node tools/vectors.mjs --check   fails if the file is not what would be written
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { format, resolveConfig } from 'prettier';

const file = fileURLToPath(new URL('../vectors.json', import.meta.url));
const encoding = ['address', 'uint256'];
const token = 10n ** 18n;

// ---- gm tokens: n for up to 30 periods, else n · (1 + 2.19 · (min(p, 365) − 30) / 365), rounded down once

const gmFor = (amount, periods) => {
  if (periods <= 30n) return amount;
  const counted = periods < 365n ? periods : 365n;
  return (amount * (36_500n + 219n * (counted - 30n))) / 36_500n;
};

const terms = [0n, 1n, 29n, 30n, 31n, 32n, 182n, 364n, 365n, 366n, 1460n, 2n ** 32n - 1n];
const amounts = [1n, 2n, 3n, 99n, 166n, 167n, token, token + 1n, 3_333_333n * token + 777n, 2n ** 96n - 1n];
const gmCases = amounts.flatMap(amount => terms.map(periods => ({ amount, periods, gm: gmFor(amount, periods) })));

// ---- emission: each period of 30 epochs emits a tenth less per epoch than the one before, rounded down

const emittedBy = (emission, epoch) => {
  let sum = 0n;
  let rate = emission;
  for (let i = 0n; i <= epoch; i++) {
    if (i > 0n && i % 30n === 0n) rate = (rate * 9n) / 10n;
    sum += rate;
  }
  return sum;
};

const epochs = [0n, 1n, 29n, 30n, 31n, 59n, 60n, 365n, 3000n, 30_000n];
const emissions = [0n, 1n, 9n, 1000n * token, 309_157_680_000_000_000_000_000n, 309_157_680_000_000_000_000_001n];
const schedules = emissions.map(emission => ({
  emission,
  epochs,
  emitted: epochs.map(epoch => emittedBy(emission, epoch)),
}));

// ---- trees: the leaf of index i follows from i, so that a large tree need not be written out

const rule = { accountFactor: 0x9e3779b97f4a7c15f39cc0605cedc8341082276bn, cumulativeFactor: 0xd1342543de82ef95n };
const leafAt = i => [
  '0x' + (((i + 1n) * rule.accountFactor) % 2n ** 160n).toString(16).padStart(40, '0'),
  ((i + 1n) * rule.cumulativeFactor) % 2n ** 64n,
];
const leavesOf = size => Array.from({ length: size }, (_, i) => leafAt(BigInt(i)));
const treeOf = leaves =>
  StandardMerkleTree.of(
    leaves.map(([account, cumulative]) => [account, String(cumulative)]),
    encoding,
  );

const provenAt = (tree, index) => {
  const [account, cumulative] = tree.at(index);
  return { index, account, cumulative, leaf: tree.leafHash([account, cumulative]), proof: tree.getProof(index) };
};

const trees = [1, 2, 3, 5, 8, 1000].map(size => {
  const leaves = leavesOf(size);
  const tree = treeOf(leaves);
  const shown = size <= 8 ? leaves.map((_, i) => i) : [0, 1, 499, 998, 999];
  return {
    size,
    root: tree.root,
    total: leaves.reduce((sum, [, cumulative]) => sum + cumulative, 0n),
    proofs: shown.map(index => provenAt(tree, index)),
  };
});

// ---- what must not pass: all against the tree of 8 leaves

const flip = hash => hash.slice(0, -1) + (hash.endsWith('0') ? '1' : '0');
const tampered = () => {
  const tree = treeOf(leavesOf(8));
  const { account, cumulative, proof } = provenAt(tree, 3);
  const other = provenAt(tree, 4);
  const nodes = tree.dump().tree;
  // Node 3 of the heap is an inner one: its children are 7 and 8, what proves it is its sibling 4 and its uncle 2.
  const [left, right] = [nodes[7], nodes[8]].sort();
  return {
    root: tree.root,
    total: leavesOf(8).reduce((sum, [, each]) => sum + each, 0n),
    claims: [
      ...proof.map((_, i) => ({
        what: `bit flipped in step ${i}`,
        account,
        cumulative,
        proof: proof.map((step, j) => (i === j ? flip(step) : step)),
      })),
      { what: 'a wei more', account, cumulative: BigInt(cumulative) + 1n, proof },
      { what: 'a wei less', account, cumulative: BigInt(cumulative) - 1n, proof },
      { what: "another's account", account: other.account, cumulative, proof },
      { what: "another's amount", account, cumulative: other.cumulative, proof },
      { what: "another's proof", account, cumulative, proof: other.proof },
      { what: 'steps reversed', account, cumulative, proof: proof.toReversed() },
      { what: 'last step missing', account, cumulative, proof: proof.slice(0, -1) },
      { what: 'first step missing', account, cumulative, proof: proof.slice(1) },
      { what: 'a step too many', account, cumulative, proof: [...proof, tree.root] },
      { what: 'no steps', account, cumulative, proof: [] },
      {
        what: 'inner node as a leaf',
        account: '0x' + left.slice(-40),
        cumulative: BigInt(right),
        proof: [nodes[4], nodes[2]],
      },
      { what: 'root as a leaf', account: '0x' + nodes[1].slice(-40), cumulative: BigInt(nodes[2]), proof: [] },
    ],
    // At the level of hashes that attack works: it is the second hash of a leaf that stops it.
    innerNode: { node: nodes[3], left, right, proof: [nodes[4], nodes[2]] },
  };
};

const vectors = { gm: gmCases, schedules, rule, trees, tampered: tampered() };
const text = await format(
  JSON.stringify(vectors, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  { ...(await resolveConfig(file)), parser: 'json' },
);

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error(
    'contracts/vectors.json is not what tools/vectors.mjs writes: run node tools/vectors.mjs in contracts/.',
  );
  process.exitCode = 1;
}
