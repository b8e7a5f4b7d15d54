import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger, Registry, Shutdown } from '@arena/observe';
import { CLOCK, DATABASE, ENV, LOG, REGISTRY, SHUTDOWN, startLoop, type Clock } from '@arena/service';
import type { FactoryProvider } from '@nestjs/common';
import type { Env } from '../../env.js';
import { openBlindFiles } from '../../files/blind-files.js';
import { openIntakeFiles } from '../../files/intake-files.js';
import type { SubmissionDatabase } from '../../store/database.js';
import { CHANGES, type Changes } from '../changes.js';
import { intakeMetrics } from './metrics.js';
import type { IntakeParts } from './parts.js';
import { runNext } from './run.js';
import { openScratch } from './scratch.js';
import { sweepBlind } from './sweeper.js';

const MEBIBYTE = 1024 * 1024;
const REST_MS = 1_000;

interface IntakeNeeds {
  database: SubmissionDatabase;
  env: Env;
  clock: Clock;
  log: Logger;
  shutdown: Shutdown;
  registry: Registry;
  changes: Pick<Changes, 'onAny'>;
}

/** Any number of instances may run these: a job is taken with a lease that dies with its process. */
export function startIntake({ database, env, clock, log, shutdown, registry, changes }: IntakeNeeds): void {
  const stopping = new AbortController();
  const scratch = openScratch(env.INTAKE_FOLDER ?? join(tmpdir(), 'arena-intake'), env.INTAKE_SCRATCH_MB * MEBIBYTE);
  const parts: IntakeParts = {
    instance: randomUUID(),
    database,
    originals: openIntakeFiles(env),
    blind: openBlindFiles(env),
    scratch,
    limits: { memoryMb: env.INTAKE_MEMORY_MB },
    clock,
    log,
    meter: intakeMetrics(registry, database),
    stopping: stopping.signal,
  };
  // Reading gigabytes must not hold up the end of the process: another instance begins anew.
  shutdown.add('workers', 'intake reading', () => stopping.abort(new Error('the process ends')));
  const loops = Array.from({ length: env.INTAKE_CONCURRENCY }, (_, index) =>
    startLoop({
      name: `intake-${index + 1}`,
      everyMs: REST_MS,
      log,
      shutdown,
      work: async () => ((await runNext(parts)) ? 0 : REST_MS),
    }),
  );
  startLoop({ name: 'intake-scratch', everyMs: 60_000, log, shutdown, work: () => scratch.sweep(new Date()) });
  startLoop({
    name: 'intake-sweeper',
    everyMs: 600_000,
    log,
    shutdown,
    work: async () => void (await sweepBlind(parts)),
  });
  shutdown.add('pools', 'intake scratch', () => scratch.close());
  // Most of what happens to submissions is nothing to us; but nobody waits a second for what is.
  changes.onAny(() => loops.forEach(loop => loop.wake()));
}

export const intakeProvider: FactoryProvider<void> = {
  provide: Symbol('Intake'),
  inject: [DATABASE, ENV, CLOCK, LOG, SHUTDOWN, REGISTRY, CHANGES],
  useFactory: (
    database: SubmissionDatabase,
    env: Env,
    clock: Clock,
    log: Logger,
    shutdown: Shutdown,
    registry: Registry,
    changes: Changes,
  ) => startIntake({ database, env, clock, log, shutdown, registry, changes }),
};
