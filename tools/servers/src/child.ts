import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leash } from './leash.js';
import { logTail } from './log-tail.js';
import { ServerError } from './server-error.js';

export interface ChildOptions {
  name: string;
  command: string;
  args: readonly string[];
  log: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The user to run as, where that differs from ours. */
  user?: { uid: number; gid: number };
  /** Given to the process and closed at once: keeps secrets out of its command line. */
  stdin?: string;
  /** The signals of a polite stop, each given `patienceMs` before the next; SIGKILL comes last by itself. */
  signals?: readonly NodeJS.Signals[];
  patienceMs?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  readonly exited: Promise<Exit>;
  running(): boolean;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export const describeExit = ({ code, signal }: Exit) => (signal ? `by ${signal}` : `with exit code ${code}`);

/**
 * A process of its own group, so that the terminal's Ctrl-C reaches us alone and we choose the order of ends;
 * the leash ends it when we are gone.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a');
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', log, log],
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
    ...options.user,
  });
  closeSync(log);
  const exited = new Promise<Exit>(resolve => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', error => reject(new ServerError(`${options.name} cannot be started: ${error.message}`)));
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.stdin);
  const pid = child.pid as number;
  const signals = options.signals ?? ['SIGTERM'];
  leash.watch(pid, signals[0] ?? 'SIGTERM');
  void exited.then(() => leash.forget(pid));
  const running = () => child.exitCode === null && child.signalCode === null;

  const stop = async () => {
    for (const signal of [...signals, 'SIGKILL'] as const) {
      if (!running()) break;
      child.kill(signal);
      await Promise.race([exited, sleep(options.patienceMs ?? 5_000, undefined, { ref: false })]);
    }
    await exited;
  };
  return { name: options.name, pid, log: options.log, exited, running, kill: signal => child.kill(signal), stop };
}

/** Asks until the answer is yes; a process that ends first is reported with its last words, a ServerError is final. */
export async function untilReady(child: Child, ready: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (!child.running()) {
      const [lastWords = 'it said nothing'] = await logTail(child.log, 1);
      throw new ServerError(
        `${child.name} stopped at its start ${describeExit(await child.exited)}: ${lastWords} (log: ${child.log})`,
      );
    }
    const answer = await ready().catch((error: unknown) => (error instanceof ServerError ? error : false));
    if (answer === true) return;
    if (answer instanceof ServerError) {
      await child.stop();
      throw answer;
    }
    await sleep(50);
  }
  await child.stop();
  throw new ServerError(`${child.name} did not become ready in ${timeoutMs / 1000} s; see its log ${child.log}`);
}
