/**
 * `npm run bench -- NAME [--json]`: each bench runs its subject and a baseline in turns and prints their medians.
 * docs/benchmarks.md says what each row means.
 */
import { parseArgs } from 'node:util';
import { api } from './api/bench.js';
import { index } from './indexer/bench.js';
import { intake } from './intake/bench.js';
import { outbox } from './outbox/bench.js';
import type { Bench, Row } from './row.js';
import { upload } from './upload/bench.js';

const benches = { api, index, intake, outbox, upload } satisfies Record<string, Bench>;

const usage = (): string =>
  [
    'usage: npm run bench -- NAME [--json]',
    ...Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`),
  ].join('\n');

function table(rows: readonly Row[]): string {
  const lines = [
    ['name', 'value', 'unit', 'baseline', 'ratio'],
    ...rows.map(row => [row.name, row.value, row.unit, row.baseline ?? '', row.ratio ?? ''].map(String)),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? [];
  return lines.map(line => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const bench = Object.entries(benches).find(([name]) => name === positionals[0])?.[1];

if (bench) {
  const rows = await bench.run(line => process.stderr.write(`${line}\n`));
  process.stdout.write(`${values.json ? JSON.stringify(rows) : table(rows)}\n`);
} else {
  process.stderr.write(`${usage()}\n`);
  process.exitCode = 2;
}
