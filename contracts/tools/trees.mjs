// Holds the tests to their branch trees: each test/<Contract>.tree says what a function does under which condition, and
// each condition that ends in actions is one test, named after it in the manner of bulloak. A test without a branch, and
// a branch without a test, are errors; fuzz tests and files without a tree are free.
//   node tools/trees.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/', import.meta.url));
const pascal = words =>
  words
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .split(/[ -]/)
    .filter(Boolean)
    .map(word => word[0].toUpperCase() + word.slice(1))
    .join('');

/** The names of the tests that a tree asks for. */
function* namesIn(tree) {
  for (const part of tree.trim().split(/\n\s*\n/)) {
    const [root, ...lines] = part.split('\n');
    const target = pascal(root.split('::')[1] ?? '');
    let condition;
    let named = false;
    for (const line of lines) {
      const text = line.replace(/^[│├└─\s]+/u, '');
      const [, kind, rest] = /^(when|given|it) (.*)$/.exec(text) ?? [];
      if (!kind) throw new Error(`not "when", "given" or "it": ${line}`);
      if (kind !== 'it') {
        condition = { kind: pascal(kind), rest: pascal(rest) };
        named = false;
      } else if (!condition) {
        yield `test_${target}${pascal(rest)}`;
      } else if (!named) {
        named = true;
        const reverts = rest.startsWith('should revert');
        yield `test_${target}${reverts ? 'Revert' : ''}${condition.kind}${reverts ? '_' : ''}${condition.rest}`;
      }
    }
  }
}

const files = readdirSync(folder);
let errors = 0;
const complain = text => {
  errors++;
  console.error(text);
};
for (const tree of files.filter(name => name.endsWith('.tree'))) {
  const contract = tree.replace('.tree', '');
  const tests = files.filter(name => name.startsWith(contract) && name.endsWith('.t.sol'));
  const source = tests.map(name => readFileSync(folder + name, 'utf8')).join('\n');
  const written = [...source.matchAll(/function (test_\w+)\(/g)].map(([, name]) => name);
  const asked = [...namesIn(readFileSync(folder + tree, 'utf8'))];
  for (const name of asked) if (!written.includes(name)) complain(`${tree} asks for ${name}: no such test`);
  for (const name of written) if (!asked.includes(name)) complain(`${name} is in no branch of ${tree}`);
  if (new Set(asked).size !== asked.length) complain(`${tree} names a branch twice`);
  console.log(`${tree}: ${asked.length} branches`);
}
if (errors > 0) process.exitCode = 1;
