// Runs npm's forge in this folder. npm has it for Linux with glibc, macOS and Windows, x64 and arm64; elsewhere (Alpine,
// say) `FORGE` names a binary of your own.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const contracts = fileURLToPath(new URL('..', import.meta.url));

/** How to start forge, or what to say to somebody who has none. */
export function findForge() {
  const command = process.env.FORGE === undefined ? ofNpm() : [process.env.FORGE];
  const probe = command && spawnSync(command[0], [...command.slice(1), '--version'], { encoding: 'utf8' });
  if (probe?.status === 0) return { command };
  const libc = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime ? ' (musl)' : '';
  const why = (probe?.error?.message ?? probe?.stderr?.trim()) || 'npm has installed none';
  return {
    missing: [
      `forge does not run on this ${process.platform}-${process.arch}${libc}: ${why}`,
      'npm has it for Linux with glibc, macOS and Windows. Run npm install there (with optional dependencies),',
      'or install Foundry 1.7 yourself and name its binary: FORGE=/path/to/forge npm run test:contracts',
    ].join('\n'),
  };
}

/** Runs a command in contracts/, shows its output as it comes, and resolves to its exit code and that output. */
export function show([file, ...args], env = {}) {
  return new Promise(resolve => {
    const child = spawn(file, args, {
      cwd: contracts,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8').on('data', text => {
        output += text;
        to.write(text);
      });
    }
    child.on('error', error => resolve({ code: 127, output: error.message }));
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

function ofNpm() {
  try {
    return [process.execPath, createRequire(import.meta.url).resolve('@foundry-rs/forge/bin.mjs')];
  } catch {
    return undefined;
  }
}
