// What the controllers of task-service are made of, and its loops: they start with the application.
import type { Logger, Registry, Shutdown } from '@arena/observe';
import { CLOCK, DATABASE, ENV, LOG, REGISTRY, SHUTDOWN, startLoop, type Clock } from '@arena/service';
import { openObjectStore } from '@arena/uploads';
import type { Provider } from '@nestjs/common';
import { openSignatures } from './chain/signatures.js';
import type { Env } from './env.js';
import { AUDIT_HEADS, auditHeads, type AuditHeads } from './files/audit-heads.js';
import { DATASET_FILES, openDatasetFiles } from './files/dataset-files.js';
import { startAuditSealer } from './jobs/audit-sealer.js';
import { DatasetLoops } from './jobs/dataset-loops.js';
import { seedAdmins } from './jobs/seed-admins.js';
import { startTaskSchedule, TASK_SCHEDULE } from './jobs/task-schedule.js';
import type { TaskDatabase } from './store/database.js';
import { sweepNonces } from './store/nonces.js';
import { SIGNATURES } from './tokens.js';

const running = [DATABASE, CLOCK, LOG, SHUTDOWN] as const;

export const providers: Provider[] = [
  {
    provide: SIGNATURES,
    inject: [ENV, SHUTDOWN],
    useFactory: (env: Env, shutdown: Shutdown) => {
      const signatures = openSignatures(env.RPC_URL, env.CHAIN_ID);
      shutdown.add('pools', 'rpc', () => signatures.close());
      return signatures;
    },
  },
  { provide: DATASET_FILES, inject: [ENV], useFactory: openDatasetFiles },
  { provide: AUDIT_HEADS, inject: [ENV], useFactory: (env: Env) => auditHeads(openObjectStore(env), env.AUDIT_BUCKET) },
  {
    provide: TASK_SCHEDULE,
    inject: [...running, ENV],
    useFactory: (database: TaskDatabase, now: Clock, log: Logger, shutdown: Shutdown, env: Env) =>
      startTaskSchedule({ database, now, log, shutdown, datasetsBucket: env.DATASETS_BUCKET }),
  },
  {
    provide: Symbol('AuditSealer'),
    inject: [...running, REGISTRY, AUDIT_HEADS],
    useFactory: (
      database: TaskDatabase,
      now: Clock,
      log: Logger,
      shutdown: Shutdown,
      registry: Registry,
      heads: AuditHeads,
    ) => startAuditSealer({ database, now, log, shutdown, registry, heads }),
  },
  {
    provide: Symbol('NonceSweeper'),
    inject: [...running],
    useFactory: (database: TaskDatabase, now: Clock, log: Logger, shutdown: Shutdown) =>
      startLoop({
        name: 'nonces',
        everyMs: 60_000,
        log,
        shutdown,
        work: async () => void (await sweepNonces(database.read, now())),
      }),
  },
  {
    provide: Symbol('FirstAdmins'),
    inject: [...running, ENV],
    useFactory: async (database: TaskDatabase, now: Clock, log: Logger, _shutdown: Shutdown, env: Env) => {
      const seeded = await seedAdmins(database, env.ADMIN_WALLETS, now());
      if (seeded > 0) log.info({ seeded }, 'made the first admins');
    },
  },
  DatasetLoops,
];
