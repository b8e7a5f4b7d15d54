// Run by npm after an install: sets the git hooks up where somebody commits, and never makes an install fail.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

if (!process.env.CI && existsSync(join(root, '.git'))) {
  const code = await run('lefthook', ['install']);
  if (code !== 0) process.stderr.write('git hooks were not installed; `npx lefthook install` does it by hand\n');
}
