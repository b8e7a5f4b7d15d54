import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from './find-program.js';
import { ServerError } from './server-error.js';

export const REDIS_PROGRAMS = ['redis-server', 'valkey-server'];
const HOW =
  'apt-get install redis-server (Debian, Ubuntu) · dnf install valkey (Fedora) · brew install redis (macOS); or set REDIS_URL';

/** The exit code; output goes to our stderr, so that stdout stays clean for machines. */
const run = (command: readonly string[]) =>
  new Promise<number>(resolve => {
    const child = spawn(command[0] as string, command.slice(1), {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', () => resolve(127)).once('exit', code => resolve(code ?? 1));
  });

async function rootPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  return (await run(['sudo', '-n', 'true'])) === 0 ? ['sudo', '-n'] : undefined;
}

/** The Redis program on this machine, installed first where that is allowed. */
export async function redisProgram(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const present = await findProgram(REDIS_PROGRAMS, env['PATH']);
  if (present) return present;
  if (env['ARENA_INSTALL'] === '0') throw new ServerError(`there is no redis-server and ARENA_INSTALL=0: ${HOW}`);
  const apt = existsSync('/etc/debian_version') && (await findProgram(['apt-get'], env['PATH']));
  const prefix = apt ? await rootPrefix() : undefined;
  if (!prefix) throw new ServerError(`there is no redis-server: ${HOW}`);
  process.stderr.write('There is no redis-server: installing it with apt-get (ARENA_INSTALL=0 forbids this)\n');
  const apt_ = [...prefix, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', '-qq'];
  const install = [...apt_, 'install', '-y', '--no-install-recommends', 'redis-server'];
  // A fresh image knows no packages, and an old list names packages that are gone: then look again, once.
  if ((await run(install)) !== 0) {
    await run([...apt_, 'update']);
    await run(install);
  }
  const installed = await findProgram(REDIS_PROGRAMS, `${env['PATH'] ?? ''}:/usr/bin`);
  if (!installed) throw new ServerError(`redis-server could not be installed: ${HOW}`);
  return installed;
}
