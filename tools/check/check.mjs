// `npm run check`: everything that CI runs, each step with its time and outcome, all of them even when one fails.
// `npm run check -- --only lint,boundaries` runs those; `--skip tests` leaves some out.
import { parseArgs } from 'node:util';
import { run } from './run.mjs';

const quiet = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', npm_config_loglevel: 'error' };
const tsx = ['tsx', '--tsconfig', 'tsconfig.check.json', '--conditions=@arena/source'];
const packages = ['apps', 'libs', 'tools', 'bench', 'e2e'];

const steps = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  // Before lint: the rule on boundaries reads the graph that this leaves, and skips itself without one.
  { name: 'workspace', command: ['nx', 'show', 'projects'] },
  { name: 'build', command: ['node', 'tools/build/build.mjs'] },
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'boundaries', command: ['depcruise', ...packages] },
  { name: 'dead-code', command: ['knip', '--no-config-hints'] },
  { name: 'size', command: ['node', 'tools/check/size.mjs'] },
  { name: 'generated', command: ['npm', 'run', '--silent', 'generate', '--', '--check'] },
  {
    name: 'migrations',
    command: [...tsx, 'tools/servers/src/with-postgres-main.ts', 'node', 'tools/prisma/check-drift.mjs'],
  },
  // The build leaves the specs out; this reads them too.
  { name: 'types', command: ['tsc', '--project', 'tsconfig.check.json'] },
  { name: 'tests', command: ['node', 'tools/check/test.mjs'] },
];

const outcomes = [];
for (const { name, command } of chosen()) {
  process.stdout.write(`\n── ${name}: ${command.join(' ')}\n`);
  const started = performance.now();
  const code = await run(command[0], command.slice(1), quiet);
  const outcome = { name, ok: code === 0, seconds: ((performance.now() - started) / 1000).toFixed(1) };
  outcomes.push(outcome);
  process.stdout.write(`── ${line(outcome)}\n`);
}

process.stdout.write(`\n${outcomes.map(line).join('\n')}\n`);
const failed = outcomes.filter(({ ok }) => !ok);
process.stdout.write(
  failed.length === 0 ? '\nall checks passed\n' : `\n${failed.length} of ${outcomes.length} failed\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function chosen() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, skip: { type: 'string', default: '' } } });
  const only = (values.only ?? steps.map(({ name }) => name).join()).split(',');
  const skip = values.skip === '' ? [] : values.skip.split(',');
  const unknown = [...only, ...skip].filter(name => !steps.some(step => step.name === name));
  if (unknown.length === 0) return steps.filter(({ name }) => only.includes(name) && !skip.includes(name));
  process.stderr.write(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

function line({ name, ok, seconds }) {
  return `${name.padEnd(12)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.padStart(7)} s`;
}
