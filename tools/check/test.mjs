// `npm test`: builds, then runs each kind of test once, showing the runners' own output; the last line is
// `N passed, N failed` over all of them. What follows `--` goes to every vitest, and then no contract is tested:
// `npm test -- libs/env`.
// Nothing here is shared between two runs at once: the build holds its own lock, the servers their own ports.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';
import { tally } from './src/tally.mjs';

const projects = ['pure', 'integration', 'e2e'];
const args = process.argv.slice(2);
const reports = mkdtempSync(join(tmpdir(), 'arena-test-'));
const total = { passed: 0, failed: 0 };

try {
  if ((await run('node', ['tools/build/build.mjs'])) === 0) {
    if (args.length === 0) add(await contracts());
    for (const project of projects) add(await vitest(project));
  } else add({ passed: 0, failed: 1 });
} finally {
  rmSync(reports, { recursive: true, force: true });
}

const nothing = total.passed + total.failed === 0;
if (nothing) process.stdout.write('no test ran\n');
process.exitCode = nothing || total.failed > 0 ? 1 : 0;
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);

async function contracts() {
  const file = join(reports, 'contracts.json');
  process.stdout.write('\n── contracts\n');
  const code = await run('node', ['contracts/tools/test.mjs', `--report=${file}`]);
  return tally(textOf(file), code, false);
}

async function vitest(project) {
  const file = join(reports, `${project}.json`);
  process.stdout.write(`\n── ${project} tests\n`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await run('vitest', ['run', '--project', project, '--passWithNoTests', ...reporters, ...args]);
  return tally(textOf(file), code, args.length > 0);
}

function textOf(report) {
  return existsSync(report) ? readFileSync(report, 'utf8') : undefined;
}

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}
