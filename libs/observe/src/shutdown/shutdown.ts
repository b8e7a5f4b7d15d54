// The end of a process, in the order that loses nothing: say "not ready", wait until the balancers have heard it,
// stop taking requests, finish the jobs at hand, stop the relay, close the pools, send the last telemetry. Runs
// once; a second signal, or the deadline, ends the process at once with code 1.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { type Phase, phases, type Step } from './phases.js';
import { runStep } from './run-step.js';

export interface ShutdownOptions {
  readonly log: Logger;
  /** For everything, the wait included. Less than the cluster's own grace, after which it kills. */
  readonly graceMs: number;
  /** Between "not ready" and the closing of the port: how long balancers may take to notice. */
  readonly drainMs?: number;
}

export interface Shutdown {
  /** Steps of one phase run side by side; a step gets `timeoutMs`, or what is left of the grace. */
  add(phase: Phase, name: string, run: () => unknown, timeoutMs?: number): void;
  /** Runs the phases once, however often it is called; resolves to the exit code. */
  stop(reason: string): Promise<number>;
  /** Takes SIGTERM, SIGINT and errors that nobody caught; ends the process when all is done. */
  listen(): void;
}

export function createShutdown({ log, graceMs, drainMs = 3_000 }: ShutdownOptions): Shutdown {
  const steps: Step[] = [];
  let running: Promise<number> | undefined;

  async function runPhases(reason: string): Promise<number> {
    const deadline = performance.now() + graceMs;
    let clean = true;
    log.info({ reason, graceMs, drainMs }, 'shutting down');
    for (const phase of phases) {
      log.info({ phase }, 'shutdown phase');
      const due = steps.filter(step => step.phase === phase);
      const left = Math.max(0, deadline - performance.now());
      const done = await Promise.all(due.map(step => runStep(step, Math.min(step.timeoutMs ?? left, left), log)));
      clean &&= done.every(Boolean);
      if (phase === 'readiness') await sleep(drainMs);
    }
    log.info({ clean }, 'shut down');
    return clean ? 0 : 1;
  }

  function stop(reason: string): Promise<number> {
    running ??= runPhases(reason);
    return running;
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (running !== undefined) {
      log.fatal({ signal }, 'second signal: ending at once');
      process.exit(1);
    }
    // Referenced on purpose: a step that waits for nothing must still meet the deadline.
    setTimeout(() => {
      log.fatal({ graceMs }, 'shutdown took too long: ending at once');
      process.exit(1);
    }, graceMs + 100);
    void stop(signal).then(code => process.exit(code));
  }

  return {
    add: (phase, name, run, timeoutMs) => {
      steps.push({ phase, name, run, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    },
    stop,
    listen: () => {
      process.on('SIGTERM', onSignal);
      process.on('SIGINT', onSignal);
      // The state of the process is unknown from here on. Postgres and the queues hold all that is promised, so
      // dying is safe and going on is not.
      process.on('uncaughtException', error => die(log, error, 'uncaught exception'));
      process.on('unhandledRejection', error => die(log, error, 'unhandled rejection'));
    },
  };
}

function die(log: Logger, error: unknown, what: string): never {
  log.fatal({ err: error }, what);
  process.exit(1);
}
