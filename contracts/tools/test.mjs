// `npm run test:contracts`: forge's tests, and what else must hold of the contracts. `--slow` fuzzes longer
// ([profile.slow] of foundry.toml). Other arguments go to forge, and then only its tests run:
// `npm run test:contracts -- --match-contract Escrow`. The last line counts forge's tests and the checks together;
// `--report=FILE` writes the counts as Vitest would; `--gas` only writes the gas snapshot.
import { writeFileSync } from 'node:fs';
import { contracts, findForge, show } from './forge.mjs';
import { longFiles, undocumented } from './source.mjs';

// Gas of what is deterministic: fuzzed tests and walks differ with every change of theirs.
const snapshot = ['snapshot', '--no-match-path', 'test/invariants/*', '--no-match-test', 'testFuzz'];

const REPORT = '--report=';
const report = process.argv.find(arg => arg.startsWith(REPORT))?.slice(REPORT.length);
const args = process.argv.slice(2).filter(arg => arg !== '--slow' && !arg.startsWith(REPORT));
const profile = process.argv.includes('--slow') ? { FOUNDRY_PROFILE: 'slow' } : {};
const total = { passed: 0, failed: 0 };
const { command: forge, missing } = findForge();

if (missing) {
  process.stderr.write(`${missing}\n`);
  total.failed++;
} else if (args[0] === '--gas') {
  await check('gas written', () => ran([...forge, ...snapshot]));
} else {
  await tests();
  if (args.length === 0) await checks();
}
if (report !== undefined) {
  const counts = { numPassedTests: total.passed, numFailedTests: total.failed, testResults: [] };
  writeFileSync(report, JSON.stringify(counts));
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function tests() {
  const { code, output } = await show([...forge, 'test', ...args], profile);
  // No summary: it did not compile, or no test matched.
  const summary = /: (\d+) tests? passed, (\d+) failed, \d+ skipped \(\d+ total/.exec(plain(output));
  total.passed += Number(summary?.[1] ?? 0);
  total.failed += Math.max(Number(summary?.[2] ?? 0), code === 0 && summary ? 0 : 1);
}

async function checks() {
  await check('format of Solidity', () => ran([...forge, 'fmt', '--check']));
  await check('gas (forge snapshot, in contracts/.gas-snapshot)', () => ran([...forge, ...snapshot, '--check']));
  await check('what TypeScript knows of them (npm run abis)', () =>
    ran([process.execPath, 'tools/abis.mjs', '--check']),
  );
  await check('shared vectors', () => ran([process.execPath, 'tools/vectors.mjs', '--check']));
  await check('a test for each branch of the trees', () => ran([process.execPath, 'tools/trees.mjs']));
  await check('at most 300 lines a file', () => none(longFiles(contracts)));
  await check('NatSpec on every item', () => none(undocumented(contracts)));
}

async function check(name, holds) {
  const ok = await holds();
  total[ok ? 'passed' : 'failed']++;
  process.stdout.write(`${ok ? '✓' : '✗'} ${name}\n`);
}

async function ran(line) {
  const { code } = await show(line);
  return code === 0;
}

function none(complaints) {
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  return complaints.length === 0;
}

function plain(text) {
  // Forge colours its output on a terminal.
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
