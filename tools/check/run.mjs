import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a command of the workspace with its output shown as it comes; resolves to its exit code. */
export function run(command, args, env = {}) {
  return new Promise(resolve => {
    const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } });
    child.on('error', error => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    // A child that a signal ended has no exit code; that is a failure too.
    child.on('close', code => resolve(code ?? 1));
  });
}
