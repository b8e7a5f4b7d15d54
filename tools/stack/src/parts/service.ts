import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@arena/contracts';
import { describeExit, logTail, ServerError, startChild, type Child } from '@arena/servers';
import { lastWords } from '../core/last-words.js';
import type { Ports } from '../core/service-env.js';
import { restartDelay } from '../core/restart-delay.js';
import { repository } from './folder.js';

export interface ServiceOptions {
  name: ServiceName;
  program: string;
  env: Record<string, string>;
  ports: Ports;
  log: string;
  /** Told when it died and when it will be started again. */
  report(line: string): void;
}

export interface Service {
  readonly name: ServiceName;
  readonly ports: Ports;
  /** Of the process that runs now: it changes when a dead one is replaced. */
  pid(): number;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const STEADY_MS = 30_000;
const READ_LINES = 100;

const run = (options: Omit<ServiceOptions, 'ports' | 'report'>): Promise<Child> =>
  startChild({
    name: options.name,
    command: process.execPath,
    args: ['--enable-source-maps', options.program],
    env: options.env,
    cwd: repository,
    log: options.log,
    patienceMs: 10_000,
  });

const endOf = async (log: string) =>
  lastWords(await logTail(log, READ_LINES))
    .map(line => `    ${line}`)
    .join('\n');

/** Starts a built service, waits until it says that it is ready, and from then on replaces it whenever it dies. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, program, ports, log, report } = options;
  if (!existsSync(program)) throw new ServerError(`${name} is not built: run "npm run build"`);
  let child = await run(options);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await child.stop();
  };

  const deadline = Date.now() + READY_MS;
  while (!(await isReady(ports))) {
    const words = child.running() ? 'is not ready' : `stopped ${describeExit(await child.exited)}`;
    if (child.running() && Date.now() < deadline) {
      await sleep(100);
      continue;
    }
    await stop();
    throw new ServerError(`${name} ${words}; its log ${log} says\n${await endOf(log)}`);
  }

  const watch = async () => {
    for (let deaths = 0, since = Date.now(); ; since = Date.now()) {
      const exit = await child.exited;
      if (stopping) return;
      deaths = Date.now() - since > STEADY_MS ? 1 : deaths + 1;
      const delay = restartDelay(deaths);
      report(
        `${name} stopped ${describeExit(exit)}; starts again in ${delay / 1000} s; its log says\n${await endOf(log)}`,
      );
      await sleep(delay, undefined, { ref: false });
      if (stopping) return;
      child = await run(options);
      // A stop that came while it was being started has stopped the old one only.
      if (stopping) await child.stop();
    }
  };
  watch().catch((error: Error) => report(`${name} cannot be started again: ${error.message}`));
  return { name, ports, pid: () => child.pid, stop };
}

const isReady = ({ metrics }: Ports): Promise<boolean> =>
  fetch(`http://127.0.0.1:${metrics}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    answer => answer.ok,
    () => false,
  );

/** Brings the service's tables up to date, by a program of its own. */
export async function migrateService(options: Omit<ServiceOptions, 'ports' | 'report'>): Promise<void> {
  const { name, log } = options;
  if (!existsSync(options.program)) throw new ServerError(`${name} is not built: run "npm run build"`);
  const exit = await (await run(options)).exited;
  if (exit.code === 0) return;
  throw new ServerError(`the migrations of ${name} failed; its log ${log} says\n${await endOf(log)}`);
}
