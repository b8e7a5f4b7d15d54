// What the controllers are made of, and the loops: they start with the application.
import type { Deployment } from '@arena/chain';
import type { Database } from '@arena/db';
import type { Logger, Registry, Shutdown } from '@arena/observe';
import { CLOCK, DATABASE, ENV, LOG, REGISTRY, SHUTDOWN, type Clock } from '@arena/service';
import type { Provider } from '@nestjs/common';
import { ChainStatus } from './chain/status.js';
import type { Env } from './env.js';
import { startChainLoops } from './jobs/loops.js';
import { deploymentOf } from './subject.js';
import { DEPLOYMENT } from './tokens.js';

export const providers: Provider[] = [
  ChainStatus,
  { provide: DEPLOYMENT, inject: [ENV], useFactory: deploymentOf },
  {
    provide: Symbol('ChainLoops'),
    inject: [DATABASE, ENV, DEPLOYMENT, ChainStatus, CLOCK, LOG, REGISTRY, SHUTDOWN],
    useFactory: (
      database: Database,
      env: Env,
      deployment: Deployment,
      status: ChainStatus,
      now: Clock,
      log: Logger,
      registry: Registry,
      shutdown: Shutdown,
    ) => startChainLoops({ database, env, deployment, status, now, log, registry, shutdown }),
  },
];
