// `npm run generate` writes the documents that are derived from the contracts; `-- --check` says which are stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documents } from './documents.js';
import { environmentPage } from './environment.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const wanted = documents(version).set('docs/environment.md', await environmentPage(root));

const read = (path: string): string | undefined => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
};
const schemasNow = (): string[] => {
  try {
    return readdirSync(join(root, 'docs/schemas')).map(name => `docs/schemas/${name}`);
  } catch {
    return [];
  }
};

const stale = [...wanted].filter(([path, text]) => read(path) !== text).map(([path]) => path);
const left = schemasNow().filter(path => !wanted.has(path));

if (process.argv.includes('--check')) {
  for (const path of [...stale, ...left]) process.stderr.write(`${path} is stale: run "npm run generate"\n`);
  process.exit(stale.length + left.length > 0 ? 1 : 0);
}
for (const path of left) rmSync(join(root, path));
for (const path of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), wanted.get(path) ?? '');
}
process.stdout.write(`${stale.length} written, ${left.length} removed, ${wanted.size - stale.length} up to date\n`);
