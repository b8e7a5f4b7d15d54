#!/usr/bin/env node
// Looks like the native solc command line to forge, and compiles with npm's solc: no compiler is downloaded at build time.
const { existsSync, readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const solc = require('solc');

const args = process.argv.slice(2);
const valuesOf = flag => args.flatMap((arg, i) => (arg === flag ? [args[i + 1]] : []));

if (args.includes('--version')) {
  const version = solc.version().replace('.Emscripten.clang', '.Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (args.includes('--standard-json')) {
  const roots = [...valuesOf('--base-path'), ...valuesOf('--include-path'), process.cwd()];
  const read = path => {
    const found = roots.map(root => resolve(root, path)).find(existsSync);
    return found ? { contents: readFileSync(found, 'utf8') } : { error: `File not found: ${path}` };
  };
  process.stdout.write(solc.compile(readFileSync(0, 'utf8'), { import: read }));
} else {
  process.stderr.write(`unsupported: ${args.join(' ')}\n`);
  process.exitCode = 1;
}
